import ejs from 'ejs';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fieldModel, type FieldInput } from './field.js';

// src/web and dist/web lie equally deep.
const VIEWS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../views');

type Locals = Readonly<Record<string, unknown>>;
type Compiled = (locals: Locals) => string;

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

const templates = new Map<string, Template>();
const models = new Map<string, Model>();

/** Handlers use few sets of names; the limit bounds the memory in any case. */
const MAX_VARIANTS = 200;

/**
 * Renders a template with its data as plain variables. EJS would look every name up through `with`, and every
 * include on the disk: named variables and `partial` make a page several times cheaper.
 * @param name below views/, without extension
 * @param locals `partial(name, more)` is added: another template with the same data and more; its name is looked
 *   for beside the one that asks, then below views/. And `field({ name, label, … })`: a field of a form.
 */
export function renderView(name: string, locals: Locals): string {
  const template = templateOf(name);
  if (template === undefined) throw new Error(`there is no view ${name}`);
  return run(template, locals);
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

function run(template: Template, given: Locals): string {
  const model = models.get(template.name);
  const locals = model === undefined ? given : { ...given, ...model(given) };
  const all: Record<string, unknown> = { ...locals };
  const partial = (child: string, more?: Locals): string => {
    const found = templateOf(path.posix.join(template.folder, child)) ?? templateOf(child);
    if (found === undefined) throw new Error(`${template.file}: there is no partial ${child}`);
    return run(found, more === undefined ? locals : { ...locals, ...more });
  };
  all.partial = partial;
  all.field = (input: FieldInput): string => partial('partials/field', { input: fieldModel(input, locals) });
  const names = Object.keys(all);
  const signature = names.join();
  let compiled = template.variants.get(signature);
  if (compiled === undefined) {
    if (template.variants.size >= MAX_VARIANTS) template.variants.clear();
    compiled = compile(template.file, names);
    template.variants.set(signature, compiled);
  }
  return compiled(all);
}

function compile(file: string, names: string[]): Compiled {
  // The types are those of version 3; version 7 knows these options as well.
  const options = { filename: file, _with: false, destructuredLocals: names, async: false } as const;
  // In a block of its own, so that a template may have a variable of the same name as one it was given.
  // Indentation is for the readers of the template: pages are smaller without it.
  const source = readFileSync(file, 'utf8').replace(/\n[ \t]+/g, '\n');
  return ejs.compile(`<% { %>${source}<% } %>`, options);
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
