import { expect } from 'chai';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { startTestApp, type Reply, type TestApp, type Visitor } from '../../support/test-app.js';
import { dataOf, launchAs } from './support.js';

interface CardPage {
  readonly teacher: { readonly photo: string | null };
}
interface EditPage {
  readonly kept: { readonly journal: { readonly fields: string[]; readonly opened: string[] }[] };
}

/** A picture of a telephone: lies on its side, and tells where it was taken. */
const photo = (width = 900, height = 600): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#3a7' } })
    .jpeg()
    .withExif({ IFD0: { Make: 'Telephone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '55/1 45/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer();

/** A small file that says it has so many pixels on each side: enough to fill the memory of one who believes it. */
async function claiming(edge: number): Promise<Buffer> {
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  // The header chunk: length, IHDR, width, height, five bytes, checksum (PNG 3, 11.2.1).
  png.writeUInt32BE(edge, 16);
  png.writeUInt32BE(edge, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

describe('the photo of a card', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let colleague: Visitor;
  let student: Visitor;
  let anonymous: Visitor;
  let slug: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    colleague = await testApp.launch({ person: '12', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    anonymous = testApp.anonymous();
    const made = await teacher.submit('directory/mine', { surname: 'Белова', visibility: 'staff' });
    slug = /teachers\/([^?]+)/.exec(made.url)?.[1] ?? '';
  });
  after(() => testApp.close());

  const send = async (
    content: Buffer | string,
    {
      by = teacher,
      name = 'я.jpg',
      ...options
    }: { by?: Visitor; name?: string; csrf?: string; fields?: Record<string, string> } = {},
  ): Promise<Reply> =>
    by.upload(`directory/teachers/${slug}/photo`, [{ field: 'photo', name, content }], options);
  const photoOf = async (visitor: Visitor, path = `directory/teachers/${slug}`): Promise<string | null> =>
    (await dataOf<CardPage>(visitor, path)).teacher.photo;
  const stored = (): Promise<number> => testApp.storage.connection.model('File').countDocuments();
  const bytes = async (): Promise<number> => {
    let count = 0;
    for await (const { size } of testApp.app.files.bytes.list()) count += Number(size > 0);
    return count;
  };
  /** The one photo that is stored. */
  const current = async (): Promise<Buffer> => {
    const [file] = await testApp.storage.connection.model('File').find().lean<{ _id: string }[]>();
    return buffer(await testApp.app.files.bytes.open(file?._id ?? ''));
  };
  const setVisibility = async (visibility: string): Promise<void> => {
    const saved = await teacher.submit(`directory/teachers/${slug}`, {
      surname: 'Белова',
      visibility,
      consent: '1',
      version:
        /name="version" value="(\d+)"/.exec(
          (await teacher.get(`directory/teachers/${slug}/edit`)).body,
        )?.[1] ?? '',
    });
    expect(saved.url).to.contain('done=directory.saved');
  };
  const read = (visitor: Visitor, path: string): Promise<Response> =>
    fetch(visitor.address(path), { headers: { accept: 'image/webp' } });

  it('becomes upright, square WebP of 512 pixels without what the camera wrote', async () => {
    const reply = await send(await photo());
    expect(reply.url).to.contain('done=directory.photoSaved');
    expect(reply.body).to.contain('Фотография сохранена').and.to.contain('alt="Фотография: Белова"');
    const path = await photoOf(teacher);
    expect(path).to.match(/^files\/[a-z0-9]{20}$/);
    const answer = await teacher.get(path ?? '');
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal('image/webp');
    expect(answer.headers.get('cache-control')).to.equal('private, no-cache');
    const meta = await sharp(await current()).metadata();
    expect(meta).to.include({ format: 'webp', width: 512, height: 512 });
    expect([meta.exif, meta.orientation]).to.deep.equal([undefined, undefined]);
  });

  it('is the square of the frame, in parts of the upright picture; without a frame it is chosen', async () => {
    // Lies on its side: upright it is 600 × 900, red above and blue below.
    const half = (background: string): Promise<Buffer> =>
      sharp({ create: { width: 450, height: 600, channels: 3, background } })
        .png()
        .toBuffer();
    const tall = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#fff' } })
      .composite([
        { input: await half('#f00'), left: 0, top: 0 },
        { input: await half('#00f'), left: 450, top: 0 },
      ])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const colourOf = async (): Promise<string> => {
      const stats = await sharp(await current()).stats();
      const [red = 0, , blue = 0] = stats.channels.map(({ mean }) => mean);
      return red > 200 && blue < 50 ? 'red' : blue > 200 && red < 50 ? 'blue' : 'both';
    };
    for (const [frame, colour] of [
      [{ cropX: '0.25', cropY: '0.02', cropSize: '0.5' }, 'red'],
      [{ cropX: '0.25', cropY: '0.6', cropSize: '0.5' }, 'blue'],
      // Reaches out of the picture: moved inside.
      [{ cropX: '1', cropY: '1', cropSize: '0.4' }, 'blue'],
      [{ cropX: '0', cropY: '0.1667', cropSize: '1' }, 'both'],
      [{ cropX: '', cropY: '', cropSize: '' }, null],
    ] as const) {
      const reply = await send(tall, { fields: frame });
      expect(reply.url, JSON.stringify(frame)).to.contain('done=directory.photoSaved');
      const { width, height } = await sharp(await current()).metadata();
      expect([width, height]).to.deep.equal([512, 512]);
      if (colour !== null) expect(await colourOf(), JSON.stringify(frame)).to.equal(colour);
    }
    for (const cropX of ['-0.1', '1.5', '0,5', 'NaN', '1e-1', '<b>']) {
      const reply = await send(tall, { fields: { cropX, cropY: '0', cropSize: '1' } });
      expect([reply.status, reply.body.includes('id="photo-error"')], cropX).to.deep.equal([400, true]);
    }
  });

  it('is read by those alone who see the card', async () => {
    const path = (await photoOf(teacher)) ?? '';
    expect((await colleague.get(path)).status).to.equal(200);
    expect((await student.get(path)).status).to.equal(404);
    expect((await read(anonymous, `/${path}`)).status).to.equal(404);
    await setVisibility('students');
    expect((await student.get(path)).status).to.equal(200);
    expect((await read(anonymous, `/${path}`)).status).to.equal(404);
    await setVisibility('public');
    const open = await read(anonymous, `/${path}`);
    expect([open.status, open.headers.get('cache-control')]).to.deep.equal([200, 'public, no-cache']);
    expect((await anonymous.get(`/teachers/${slug}`)).body).to.contain(`src="/${path}"`);
    await setVisibility('staff');
    expect((await read(anonymous, `/${path}`)).status).to.equal(404);
  });

  it('takes the place of the one before, whose bytes are gone', async () => {
    const before = await photoOf(teacher);
    await send(await photo(300, 300));
    const after = await photoOf(teacher);
    expect(after).to.not.equal(before);
    expect((await teacher.get(before ?? '')).status).to.equal(404);
    expect([await stored(), await bytes()]).to.deep.equal([1, 1]);
  });

  it('is taken off by its button, and the first that everybody sees asks for leave', async () => {
    const removed = await teacher.submit(`directory/teachers/${slug}/photo/remove`);
    expect(removed.body).to.contain('Фотография удалена');
    expect([await photoOf(teacher), await stored(), await bytes()]).to.deep.equal([null, 0, 0]);
    await setVisibility('public');
    const refused = await send(await photo());
    expect(refused.status).to.equal(400);
    expect(refused.body).to.contain('Отметьте согласие');
    expect(await photoOf(teacher)).to.equal(null);
    const given = await send(await photo(), { fields: { photoConsent: '1' } });
    expect(given.url).to.contain('done=directory.photoSaved');
    const { kept } = await dataOf<EditPage>(teacher, `directory/teachers/${slug}/edit`);
    const [change] = kept.journal;
    expect(change).to.deep.include({ fields: ['photo'], opened: ['photo'] });
    expect((await send(await photo())).url, 'covered by the leave that was given').to.contain('done=');
    await setVisibility('staff');
  });

  for (const [what, content, name, words] of [
    [
      'a page that is called a picture',
      '<html><script>alert(1)</script></html>',
      'я.jpg',
      'JPEG, PNG или WebP',
    ],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'я.svg', 'JPEG, PNG или WebP'],
    ['a damaged picture', 'cut', 'я.jpg', 'Файл повреждён'],
    ['20,000 × 20,000 pixels', 'large', 'я.png', '40 мегапикселей'],
    ['a file of more than 15 MB', 'heavy', 'я.jpg', 'Файл слишком большой'],
    ['nothing', 'none', '', 'Заполните это поле'],
  ] as const) {
    it(`is not ${what}: the form says so, and the photo stays`, async () => {
      const before = await photoOf(teacher);
      const picture = await photo(2000, 2000);
      const made: Record<string, () => Promise<Buffer>> = {
        cut: () => Promise.resolve(picture.subarray(0, picture.length / 2)),
        large: () => claiming(20_000),
        heavy: () => Promise.resolve(Buffer.concat([picture, Buffer.alloc(15 * 1024 * 1024)])),
      };
      const reply =
        content === 'none'
          ? await teacher.upload(`directory/teachers/${slug}/photo`, [])
          : await send((await made[content]?.()) ?? content, { name });
      expect(reply.status).to.be.oneOf([400, 413]);
      expect(reply.body).to.contain(words).and.to.contain('aria-invalid="true"');
      expect(reply.body, 'the other form is as it was saved').to.contain('value="Белова"');
      expect([await photoOf(teacher), await stored(), await bytes()]).to.deep.equal([before, 1, 1]);
    }).timeout(120_000);
  }

  it('is refused without the token, on another teacher’s card, and at addresses that take no files', async () => {
    const before = await photoOf(teacher);
    const picture = await photo();
    expect((await send(picture, { csrf: 'wrong' })).status).to.equal(403);
    expect((await send(picture, { csrf: '' })).status).to.equal(403);
    expect((await send(picture, { by: colleague })).status).to.equal(403);
    expect((await send(picture, { by: student })).status).to.equal(403);
    const methodist = await launchAs(testApp, 'methodist', '3');
    expect((await send(picture, { by: methodist })).url, 'a methodist edits all cards').to.contain('done=');
    const files = [{ field: 'photo', name: 'a.jpg', content: picture }];
    for (const path of [
      'directory/mine',
      `directory/teachers/${slug}`,
      `directory/teachers/${slug}/photo/remove`,
    ]) {
      expect((await teacher.upload(path, files)).status, path).to.equal(415);
    }
    expect(
      (await anonymous.upload(`/c/${teacher.key}/directory/teachers/${slug}/photo`, files)).status,
    ).to.equal(401);
    expect((await anonymous.upload('/admin/login', files)).status).to.equal(415);
    expect(await photoOf(teacher)).to.not.equal(before);
    expect([await stored(), await bytes()]).to.deep.equal([1, 1]);
  });

  it('stays as it is when an upload breaks off', async () => {
    const before = await photoOf(teacher);
    const { port } = new URL(testApp.origin);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST /c/${teacher.key}/directory/teachers/${slug}/photo HTTP/1.1\r\nHost: localhost:${port}\r\n` +
            'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 99999\r\n\r\n--x\r\n',
        );
        socket.end();
        socket.resume();
      });
      socket.once('close', () => resolve());
    });
    expect([await photoOf(teacher), await stored()]).to.deep.equal([before, 1]);
  });

  it('goes with its card', async () => {
    const methodist = await launchAs(testApp, 'methodist', '3');
    await methodist.submit(`directory/teachers/${slug}/remove`);
    expect([await stored(), await bytes()]).to.deep.equal([0, 0]);
  });

  it('goes with its person, and the one who uploaded it is forgotten on others’ cards', async () => {
    await colleague.submit('directory/mine', { surname: 'Громов', visibility: 'staff' });
    const edit = await colleague.get('directory/mine');
    slug = /teachers\/([^/?]+)/.exec(edit.url)?.[1] ?? '';
    await send(await photo(), { by: colleague });
    const card = await testApp.storage.connection
      .model('DirectoryCard')
      .findOne()
      .lean<{ personIds: string[] }>();
    const person = { personId: card?.personIds[0] ?? '', courseIds: [] };
    const [file] = await testApp.app.files.listUploadedBy(person.personId);
    expect(file?.type).to.equal('image/webp');
    await testApp.app.features.directory.personalData.erase(person);
    expect([await stored(), await bytes()]).to.deep.equal([0, 0]);
  });
});
