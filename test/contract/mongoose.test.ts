import { expect } from 'chai';
import { Schema, Types, type Model } from 'mongoose';
import { collectionOf, contract, failure } from './support.js';

let made = 0;
const unique = (name: string): string => `${name}_${process.pid}_${made++}`;

interface Person {
  name: string;
  mail?: string;
  age?: number;
  tags: string[];
  address?: { city?: string };
  createdAt?: Date;
  updatedAt?: Date;
}

contract('Mongoose', (bench) => {
  function people(): Model<Person> {
    const schema = new Schema<Person>(
      {
        name: { type: String, required: true },
        mail: { type: String, unique: true, sparse: true },
        age: Number,
        tags: [String],
        address: { city: String },
      },
      { timestamps: true, optimisticConcurrency: true },
    );
    schema.index({ age: 1, name: -1 });
    return bench.storage.connection.model<Person>(unique('Person'), schema);
  }

  it('saves, finds, changes, deletes a document', async () => {
    const People = people();
    const anna = await People.create({ name: 'Анна', tags: ['a'], address: { city: 'Пермь' } });
    const found = await People.findById(anna._id);
    expect(found?.toObject()).to.deep.include({ name: 'Анна', tags: ['a'], address: { city: 'Пермь' } });
    found!.tags.push('b');
    found!.address!.city = 'Томск';
    await found!.save();
    expect(await People.findOne({ 'address.city': 'Томск' }).lean()).to.deep.include({ tags: ['a', 'b'] });
    await found!.deleteOne();
    expect(await People.exists({ _id: anna._id })).to.equal(null);
  });

  it('sets timestamps', async () => {
    const People = people();
    const doc = await People.create({ name: 'x' });
    expect(doc.createdAt).to.be.instanceOf(Date);
    await People.updateOne({ _id: doc._id }, { $set: { age: 1 } });
    const after = await People.findById(doc._id).lean();
    expect(after?.createdAt).to.deep.equal(doc.createdAt);
    expect(after!.updatedAt!.getTime()).to.be.at.least(doc.updatedAt!.getTime());
  });

  it('refuses to save over a newer version', async () => {
    const People = people();
    const { _id } = await People.create({ name: 'x', tags: [] });
    const [item, two] = [await People.findById(_id), await People.findById(_id)];
    item!.name = 'one';
    await item!.save();
    two!.name = 'two';
    expect((await failure(() => two!.save())).name).to.equal('VersionError');
    expect((await People.findById(_id))?.name).to.equal('one');
  });

  it('builds the declared indexes, and updates them by syncIndexes', async () => {
    const People = people();
    await bench.storage.ensureIndexes();
    const names = (await People.listIndexes()).map(({ name }) => name as string);
    expect(names.sort()).to.deep.equal(['_id_', 'age_1_name_-1', 'mail_1']);
    await collectionOf(bench.storage, People.collection.collectionName).createIndex({ tags: 1 });
    expect(await People.syncIndexes()).to.deep.equal(['tags_1']);
    await bench.storage.ensureIndexes();
    expect(await People.listIndexes()).to.have.length(3);
  });

  it('throws a duplicate key error', async () => {
    const People = people();
    await People.createIndexes();
    await People.create({ name: 'x', mail: 'm' });
    const error = await failure(() => People.create({ name: 'y', mail: 'm' }));
    expect(error).to.deep.include({ code: 11000, keyPattern: { mail: 1 }, keyValue: { mail: 'm' } });
    await People.create([{ name: 'z' }, { name: 'w' }]);
    expect(await People.countDocuments()).to.equal(3);
  });

  it('inserts many, in order or not', async () => {
    const People = people();
    await People.createIndexes();
    const docs = [
      { name: 'a', mail: '1' },
      { name: 'b', mail: '1' },
      { name: 'c', mail: '2' },
    ];
    const error = await failure(() => People.insertMany(docs, { ordered: false }));
    expect(error).to.include({ name: 'MongoBulkWriteError', code: 11000 });
    expect(await People.countDocuments()).to.equal(2);
    expect(await People.insertMany([{ name: 'd' }, { name: 'e' }])).to.have.length(2);
  });

  it('upserts with defaults on insert', async () => {
    const schema = new Schema({ key: String, n: { type: Number, default: 5 }, m: Number });
    const Things = bench.storage.connection.model(unique('Thing'), schema);
    const doc = await Things.findOneAndUpdate(
      { key: 'k' },
      { $set: { m: 1 } },
      { upsert: true, returnDocument: 'after' },
    );
    expect(doc.toObject()).to.deep.include({ key: 'k', n: 5, m: 1 });
    const result = await Things.updateOne({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true });
    expect(result).to.include({ matchedCount: 1, upsertedCount: 0 });
    expect((await Things.findOne({ key: 'k' }))?.n).to.equal(6);
  });

  it('populates', async () => {
    const People = people();
    const schema = new Schema({
      title: String,
      author: { type: Schema.Types.ObjectId, ref: People.modelName },
      readers: [{ type: Schema.Types.ObjectId, ref: People.modelName }],
    });
    const Books = bench.storage.connection.model(unique('Book'), schema);
    const [a, b] = await People.create([{ name: 'a' }, { name: 'b' }]);
    await Books.create({ title: 't', author: a!._id, readers: [b!._id, a!._id] });
    const book = await Books.findOne({ author: a!._id })
      .populate<{ author: Person; readers: Person[] }>(['author', 'readers'])
      .lean();
    expect(book?.author.name).to.equal('a');
    expect(book?.readers.map(({ name }) => name)).to.deep.equal(['b', 'a']);
  });

  it('populates virtually, with a count', async () => {
    const parent = unique('Parent');
    const child = unique('Child');
    const parentSchema = new Schema({ name: String });
    parentSchema.virtual('children', { ref: child, localField: '_id', foreignField: 'parent' });
    parentSchema.virtual('count', { ref: child, localField: '_id', foreignField: 'parent', count: true });
    const Parents = bench.storage.connection.model(parent, parentSchema);
    const Children = bench.storage.connection.model(
      child,
      new Schema({ parent: Schema.Types.ObjectId, n: Number }),
    );
    const { _id } = await Parents.create({ name: 'p' });
    await Children.create([
      { parent: _id, n: 1 },
      { parent: _id, n: 2 },
    ]);
    const doc = await Parents.findById(_id).populate('children').populate('count');
    expect(doc?.get('count')).to.equal(2);
    expect((doc?.get('children') as { n: number }[]).map(({ n }) => n).sort()).to.deep.equal([1, 2]);
  });

  it('keeps discriminators apart', async () => {
    const Shapes = bench.storage.connection.model(
      unique('Shape'),
      new Schema({ name: String }, { discriminatorKey: 'kind' }),
    );
    const Circles = Shapes.discriminator(unique('Circle'), new Schema({ radius: Number }));
    const Squares = Shapes.discriminator(
      unique('Square'),
      new Schema({ side: { type: Number, index: true } }),
    );
    await bench.storage.ensureIndexes();
    await Circles.create({ name: 'c', radius: 1 });
    await Squares.create({ name: 's', side: 2 });
    expect(await Shapes.countDocuments()).to.equal(2);
    expect(await Circles.countDocuments()).to.equal(1);
    expect((await Squares.findOne({ side: 2 }))?.side).to.equal(2);
    expect((await Shapes.findOne({ name: 'c' }))?.get('radius')).to.equal(1);
  });

  it('runs hooks', async () => {
    const log: string[] = [];
    const schema = new Schema({ n: Number });
    schema.pre('save', () => void log.push('pre save'));
    schema.post('save', () => void log.push('post save'));
    schema.pre('updateOne', () => void log.push('pre updateOne'));
    schema.post('findOne', () => void log.push('post findOne'));
    const Hooked = bench.storage.connection.model(unique('Hooked'), schema);
    const doc = await Hooked.create({ n: 1 });
    await Hooked.updateOne({ _id: doc._id }, { n: 2 });
    await Hooked.findOne({ n: 2 });
    expect(log).to.deep.equal(['pre save', 'post save', 'pre updateOne', 'post findOne']);
  });

  it('reads through a cursor', async () => {
    const People = people();
    await People.insertMany(Array.from({ length: 250 }, (_, age) => ({ name: 'x', age })));
    const ages: unknown[] = [];
    for await (const { age } of People.find({ age: { $gte: 100 } })
      .sort({ age: 1 })
      .cursor())
      ages.push(age);
    expect(ages).to.deep.equal(Array.from({ length: 150 }, (_, i) => i + 100));
    let sum = 0;
    await People.find()
      .cursor()
      .eachAsync(({ age }) => void (sum += age ?? 0));
    expect(sum).to.equal((249 * 250) / 2);
  });

  it('aggregates without casts', async () => {
    const People = people();
    await People.create([
      { name: 'a', age: 1, tags: ['x', 'y'] },
      { name: 'b', age: 5, tags: ['y'] },
    ]);
    const groups = await People.aggregate<{ _id: string; n: number }>([
      { $unwind: '$tags' },
      { $group: { _id: '$tags', n: { $sum: '$age' } } },
      { $sort: { _id: 1 } },
    ]);
    expect(groups).to.deep.equal([
      { _id: 'x', n: 1 },
      { _id: 'y', n: 6 },
    ]);
  });

  it('aggregates through a cursor', async () => {
    const People = people();
    await People.insertMany(Array.from({ length: 20 }, (_, age) => ({ name: 'x', age })));
    const ages: unknown[] = [];
    const cursor = People.aggregate<{ age: number }>([
      { $match: { age: { $gt: 15 } } },
      { $sort: { age: -1 } },
    ]).cursor();
    for await (const { age } of cursor) ages.push(age);
    expect(ages).to.deep.equal([19, 18, 17, 16]);
  });

  it('stores maps, mixed values, buffers, decimals, sub-documents', async () => {
    const schema = new Schema({
      map: { type: Map, of: Number },
      mixed: Schema.Types.Mixed,
      bytes: Buffer,
      price: Schema.Types.Decimal128,
      big: Schema.Types.BigInt,
      uuid: Schema.Types.UUID,
      items: [new Schema({ sku: String, n: Number })],
      single: new Schema({ x: Number }, { _id: false }),
    });
    const Things = bench.storage.connection.model(unique('Mixed'), schema);
    const { _id } = await Things.create({
      map: { a: 1, b: 2 },
      mixed: { any: [1, 'x'] },
      bytes: Buffer.from('hello'),
      price: '12.50',
      big: 9007199254740993n,
      uuid: '0b5a5b1c-8f2c-4a36-9d70-3a36a4a9d5f1',
      items: [
        { sku: 's', n: 1 },
        { sku: 't', n: 2 },
      ],
      single: { x: 1 },
    });
    const doc = await Things.findById(_id);
    expect(doc?.map?.get('b')).to.equal(2);
    expect(doc?.mixed).to.deep.equal({ any: [1, 'x'] });
    expect(doc?.bytes?.toString()).to.equal('hello');
    expect(doc?.price?.toString()).to.equal('12.50');
    expect(doc?.big).to.equal(9007199254740993n);
    expect(String(doc?.uuid)).to.equal('0b5a5b1c-8f2c-4a36-9d70-3a36a4a9d5f1');
    expect(doc?.items[1]?.sku).to.equal('t');
    await Things.updateOne({ _id, 'items.sku': 't' }, { $set: { 'items.$.n': 9 }, $inc: { 'map.a': 5 } });
    const after = await Things.findById(_id);
    expect(after?.items[1]?.n).to.equal(9);
    expect(after?.map?.get('a')).to.equal(6);
    after!.items.pull(after!.items[0]!._id);
    await after!.save();
    expect((await Things.findById(_id))?.items).to.have.length(1);
  });

  it('writes in bulk, with timestamps and casts', async () => {
    const People = people();
    const result = await People.bulkWrite([
      { insertOne: { document: { name: 'a', tags: [], age: '5' } } },
      { updateOne: { filter: { name: 'a' }, update: { $set: { age: 6 } } } },
      { deleteOne: { filter: { name: 'nobody' } } },
    ]);
    expect(result).to.include({ insertedCount: 1, modifiedCount: 1, deletedCount: 0 });
    const doc = await People.findOne({ name: 'a' }).lean();
    expect(doc?.age).to.equal(6);
    expect(doc?.createdAt).to.be.instanceOf(Date);
  });

  it('saves in bulk', async () => {
    const People = people();
    const docs = [new People({ name: 'a' }), new People({ name: 'b' })];
    await People.bulkSave(docs);
    expect(await People.countDocuments()).to.equal(2);
  });

  it('selects and omits fields, counts, and finds distinct values', async () => {
    const People = people();
    await People.create([
      { name: 'a', age: 1, tags: ['x'] },
      { name: 'b', age: 2, tags: ['x', 'y'] },
    ]);
    expect(await People.findOne({ name: 'a' }).select('age -_id').lean()).to.deep.equal({ age: 1 });
    expect(await People.findOne({ name: 'a' }).select('-tags').lean()).to.not.have.property('tags');
    expect(await People.find({ tags: 'x' }).countDocuments()).to.equal(2);
    expect(await People.estimatedDocumentCount()).to.equal(2);
    expect((await People.distinct('tags')).sort()).to.deep.equal(['x', 'y']);
  });

  it('casts ids given as text', async () => {
    const People = people();
    const { _id } = await People.create({ name: 'a' });
    expect((await People.findById(String(_id)))?.name).to.equal('a');
    expect(await People.find({ _id: { $in: [String(_id)] } })).to.have.length(1);
    expect(await People.findById(new Types.ObjectId())).to.equal(null);
  });

  it('throws validation errors before anything is written', async () => {
    const People = people();
    expect((await failure(() => People.create({ age: 1 }))).name).to.equal('ValidationError');
    expect(await People.countDocuments()).to.equal(0);
  });
});
