import type { Model, mongo } from 'mongoose';

/**
 * Returns those of these ids of files that documents of a model still name in `fileId`: an owner's `inUse`.
 * @param model with an index of `fileId`
 */
export async function namedFiles(
  model: Pick<Model<unknown>, 'collection'>,
  fileIds: readonly string[],
): Promise<string[]> {
  // Straight to the collection: a model of certain rows is not a model of any rows.
  const rows = model.collection as unknown as mongo.Collection<{ fileId: string | null }>;
  const found = await rows
    .find({ fileId: { $in: [...fileIds] } })
    .project<{ fileId: string }>({ fileId: 1 })
    .toArray();
  return found.map(({ fileId }) => fileId);
}
