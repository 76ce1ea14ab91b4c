import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Returns a function that loads a package when it is first called. For large packages that few processes need, or that
 * the first request need not wait for: loaded at the start, they cost every process their time and memory.
 */
// The caller says what the package is: `lazyPackage<typeof Katex>(...)`.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function lazyPackage<Module>(name: string): () => Module {
  let loaded: { readonly module: Module } | undefined;
  return () => (loaded ??= { module: require(name) as Module }).module;
}
