import ejs from 'ejs';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fieldModel, type FieldInput } from './field.js';

// src/web and dist/web lie equally deep.
const VIEWS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../views');

type Locals = Readonly<Record<string, unknown>>;

/** What every page has beside its data: what belongs to the request, and what many requests share. */
export interface Helpers {
  readonly own: Locals;
  readonly shared: Locals;
  /** The names of both, which tell sets of names apart. */
  readonly names: string;
}

/** What a compiled template is called with: where its names are. */
interface Given {
  readonly data: Locals;
  readonly own: Locals;
  readonly shared: Locals;
  readonly over: Locals;
  readonly partial: (child: string, more?: Locals) => string;
  readonly field: (input: FieldInput) => string;
  /** Everything in one object, for names that may be missing: `locals.hint`. */
  readonly all: () => Locals;
}
type Compiled = (given: Given) => string;

type Model = (given: Locals) => Locals;

interface Template {
  /** Below views/, without extension. */
  readonly name: string;
  readonly file: string;
  /** Where partials of its own lie, below views/. */
  readonly folder: string;
  /** Compiled once for each set of names it is given. */
  readonly variants: Map<string, Compiled>;
}

/** What all templates of one rendering share. */
interface Rendering {
  readonly data: Locals;
  readonly helpers: Helpers;
  /** The names of both. */
  readonly signature: string;
  /** All of it in one object, made for those that need it. */
  all?: Locals;
}

const templates = new Map<string, Template>();
const models = new Map<string, Model>();

/** Handlers use few sets of names; the limit bounds the memory in any case. */
const MAX_VARIANTS = 200;

const NOTHING: Locals = {};
const NO_HELPERS: Helpers = { own: NOTHING, shared: NOTHING, names: '' };

/**
 * Renders a template with its data as plain variables. EJS would look every name up through `with`, and every
 * include on the disk: named variables and `partial` make a page several times cheaper. Data and helpers stay the
 * objects they are: each template takes the names out of them that it mentions.
 * @param name below views/, without extension
 * @param data `partial(name, more)` is added: another template with the same data and more; its name is looked
 *   for beside the one that asks, then below views/. And `field({ name, label, … })`: a field of a form.
 * @param helpers what every page has; stands before data of the same name
 */
export function renderView(name: string, data: Locals, helpers: Helpers = NO_HELPERS): string {
  const template = templateOf(name);
  if (template === undefined) throw new Error(`there is no view ${name}`);
  const signature = `${Object.keys(data).join()};${helpers.names}`;
  return run(template, { data, helpers, signature }, NOTHING);
}

/**
 * Adds what a template prints and its data do not say as it is to be printed: computed from the data and the
 * helpers each time the template is rendered, and no part of the JSON answer. Called when a feature's view is loaded.
 * @param name of the template or partial, below views/, without extension
 */
// The parameter lets a model say what it is given.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function viewModel<Given extends object>(name: string, model: (given: Given) => object): void {
  models.set(name, model as unknown as Model);
}

/** @param given what the template that asks for this one has added; stands before data and helpers */
function run(template: Template, rendering: Rendering, given: Locals): string {
  const { data, helpers, signature } = rendering;
  const { own, shared } = helpers;
  const allWith = (more: Locals): Locals => {
    rendering.all ??= { ...data, ...shared, ...own };
    return more === NOTHING ? rendering.all : { ...rendering.all, ...more };
  };
  const model = models.get(template.name);
  const over = model === undefined ? given : { ...given, ...model(allWith(given)) };
  const all = (): Locals => allWith(over);
  const partial = (child: string, more?: Locals): string => {
    const found = templateOf(path.posix.join(template.folder, child)) ?? templateOf(child);
    if (found === undefined) throw new Error(`${template.file}: there is no partial ${child}`);
    return run(found, rendering, more === undefined ? over : { ...over, ...more });
  };
  const field = (input: FieldInput): string => partial('partials/field', { input: fieldModel(input, all()) });
  const key = over === NOTHING ? signature : `${signature};${Object.keys(over).join()}`;
  let compiled = template.variants.get(key);
  if (compiled === undefined) {
    if (template.variants.size >= MAX_VARIANTS) template.variants.clear();
    compiled = compile(template.file, { data, own, shared, over });
    template.variants.set(key, compiled);
  }
  return compiled({ data, own, shared, over, partial, field, all });
}

function compile(
  file: string,
  { data, own, shared, over }: Pick<Given, 'data' | 'own' | 'shared' | 'over'>,
): Compiled {
  // The types are those of version 3; version 7 knows these options as well.
  const options = { filename: file, _with: false, async: false, localsName: '__given' } as const;
  // Indentation is for the readers of the template: pages are smaller without it.
  const source = readFileSync(file, 'utf8').replace(/\n[ \t]+/g, '\n');
  const mentioned = new Set(source.match(/[A-Za-z_$][\w$]*/g));
  const taken = new Set(['partial', 'field', 'locals']);
  const take = (from: 'over' | 'own' | 'shared' | 'data', values: Locals): string => {
    const names = Object.keys(values).filter((name) => mentioned.has(name) && !taken.has(name));
    for (const name of names) taken.add(name);
    return names.length === 0 ? '' : `const { ${names.join(', ')} } = __given.${from};`;
  };
  const names = [
    'const { partial, field } = __given;',
    mentioned.has('locals') ? 'const locals = __given.all();' : '',
    take('over', over),
    take('own', own),
    take('shared', shared),
    take('data', data),
  ].join(' ');
  // In a block of its own, so that a template may have a variable of the same name as one it was given.
  return ejs.compile(`<% ${names} { %>${source}<% } %>`, options);
}

function templateOf(name: string): Template | undefined {
  const known = templates.get(name);
  if (known !== undefined) return known.file === '' ? undefined : known;
  const file = path.join(VIEWS, `${name}.ejs`);
  const there = readable(file);
  const template: Template = {
    name,
    file: there ? file : '',
    folder: path.dirname(name),
    variants: new Map(),
  };
  templates.set(name, template);
  return there ? template : undefined;
}

function readable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
