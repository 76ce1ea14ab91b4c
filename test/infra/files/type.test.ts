import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { contentDisposition } from '../../../src/web/content-disposition.js';
import { typeOfFile } from '../../../src/infra/files/index.js';

describe('the type of a file', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-type-'));
  });
  after(() => rm(folder, { recursive: true }));
  const typeOf = async (content: string | Buffer, name: string): Promise<string | null> => {
    const file = path.join(folder, 'x');
    await writeFile(file, content);
    return typeOfFile(file, name);
  };

  it('follows from the content, not from the name', async () => {
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect(await typeOf(png, 'page.html')).to.equal('image/png');
    expect(await typeOf('%PDF-1.7\n', 'photo.jpg')).to.equal('application/pdf');
    expect(await typeOf('<html><script>alert(1)</script>', 'photo.png')).to.equal(null);
    expect(await typeOf('MZ\0\0', 'notes.txt')).to.not.equal('text/plain');
  });

  it('is a kind of text by its extension, if the content is strict UTF-8', async () => {
    expect(await typeOf('Привет', 'a.txt')).to.equal('text/plain');
    expect(await typeOf('a;b\r\n', 'A.CSV')).to.equal('text/csv');
    expect(await typeOf(Buffer.from([0xcf, 0xf0, 0xe8]), 'a.txt')).to.equal(null);
    expect(await typeOf('a\u0000b', 'a.txt')).to.equal(null);
    expect(await typeOf('text', 'a.html')).to.equal(null);
    expect(await typeOf('я'.repeat(70_000), 'a.txt')).to.equal('text/plain');
    expect(
      await typeOf(Buffer.concat([Buffer.from('я'.repeat(70_000)), Buffer.from([0xd1])]), 'a.txt'),
    ).to.equal(null);
  });

  it('is SVG for a text with its element alone', async () => {
    expect(await typeOf('<svg xmlns="http://www.w3.org/2000/svg"/>', 'a.svg')).to.equal('image/svg+xml');
    expect(await typeOf('<?xml version="1.0"?><svg/>', 'a.svg')).to.equal('image/svg+xml');
    expect(await typeOf('<html/>', 'a.svg')).to.equal(null);
  });
});

describe('the name under which a file is saved', () => {
  it('is written in ASCII and in UTF-8, and ends no header', () => {
    expect(contentDisposition('attachment', 'plan.pdf')).to.equal('attachment; filename="plan.pdf"');
    expect(contentDisposition('inline', 'план (1).pdf')).to.equal(
      `inline; filename="____ (1).pdf"; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD%20%281%29.pdf`,
    );
    expect(contentDisposition('attachment', 'a"b\r\nc')).to.equal(
      `attachment; filename="a_b__c"; filename*=UTF-8''a%22b%0D%0Ac`,
    );
    expect(contentDisposition('attachment', '\ud800')).to.match(/^attachment; filename="_"/);
    expect(contentDisposition('inline', '')).to.equal('inline');
  });
});
