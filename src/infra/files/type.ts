import { open } from 'node:fs/promises';
import path from 'node:path';

/** Media types that content alone does not tell, by the extension of the name. */
const TEXTS: Readonly<Record<string, string>> = {
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.svg': 'image/svg+xml',
};

const CHUNK = 1 << 16;

/**
 * Finds the media type of a file from its content. The name's extension decides between kinds of text alone, and
 * then the content must be UTF-8 without control characters (for SVG: with its root element); what the browser said
 * is not asked. Returns null for everything else.
 * @param file path of the file
 * @param name as uploaded
 */
export async function typeOfFile(file: string, name: string): Promise<string | null> {
  const { fileTypeFromFile } = await import('file-type');
  const found = await fileTypeFromFile(file);
  const text = TEXTS[path.extname(name).toLowerCase()] ?? null;
  // An SVG may begin with an XML declaration.
  if (found !== undefined && !(text === 'image/svg+xml' && found.mime === 'application/xml'))
    return found.mime;
  if (text === null) return null;
  const start = await readText(file);
  if (start === null) return null;
  return text === 'image/svg+xml' && !/<svg[\s/>]/i.test(start) ? null : text;
}

/** The same for a file in memory. */
export async function typeOfBytes(bytes: Buffer, name: string): Promise<string | null> {
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(bytes);
  const text = TEXTS[path.extname(name).toLowerCase()] ?? null;
  if (found !== undefined && !(text === 'image/svg+xml' && found.mime === 'application/xml'))
    return found.mime;
  if (text === null) return null;
  const content = strictText(bytes);
  if (content === null) return null;
  return text === 'image/svg+xml' && !/<svg[\s/>]/i.test(content.slice(0, CHUNK)) ? null : text;
}

function strictText(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return hasControls(text) ? null : text;
  } catch {
    return null;
  }
}

/** Returns the beginning of a text; null when the whole file is not strict UTF-8 text. */
async function readText(file: string): Promise<string | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const handle = await open(file, 'r');
  let start = '';
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: CHUNK, autoClose: false })) {
      const text = decoder.decode(chunk as Buffer, { stream: true });
      if (hasControls(text)) return null;
      if (start.length < CHUNK) start += text;
    }
    return hasControls(decoder.decode()) ? null : start;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  } finally {
    await handle.close();
  }
}

const hasControls = (text: string): boolean => /[^\P{Cc}\t\r\n\f]/u.test(text);
