import { expect } from 'chai';
import {
  createMailQueue,
  MailError,
  type Mail,
  type MailMessage,
  type MailTopic,
} from '../../../src/infra/mail/index.js';
import { createMail } from '../../../src/infra/mail/mail.js';
import { DAY, HOUR } from '../../../src/shared/clock.js';
import { openQueue, type Queue } from '../jobs/queue.js';

describe('the job send-mail', () => {
  let queue: Queue;
  beforeEach(async () => {
    queue = await openQueue();
  });
  afterEach(() => queue.close());

  /** A mail server that answers as it is told; undefined: takes the message. */
  function start(answer: () => MailError | undefined, mode: Mail['mode'] = 'smtp') {
    const taken: MailMessage[] = [];
    const tried: string[] = [];
    const composing = createMail({
      key: Buffer.alloc(32),
      storage: queue.storage,
      publicUrl: 'https://tool.example.org',
      settings: null,
      sender: () => Promise.resolve('Центр'),
    });
    const mail: Mail = {
      ...composing,
      mode,
      deliver: (message) => {
        tried.push(message.messageId);
        const error = answer();
        if (error !== undefined) return Promise.reject(error);
        taken.push(message);
        return Promise.resolve();
      },
    };
    const letters = createMailQueue(mail, queue.jobs);
    let written = 0;
    const topic: MailTopic = {
      name: 'lesson-moved',
      draft: (id) => {
        written++;
        return Promise.resolve(
          id === 'gone'
            ? null
            : {
                at: queue.clock.now(),
                recipient: {
                  personId: 'p',
                  name: 'Анна',
                  salutation: '',
                  address: 'anna@example.org',
                  locale: 'ru',
                },
                content: { subject: id, paragraphs: ['…'] },
              },
        );
      },
    };
    letters.defineTopic(topic);
    return { taken, tried, letters, topic, written: () => written };
  }
  const statusOf = async (id: string): Promise<string> =>
    (await queue.row('send-mail', `lesson-moved:${id}`)).state;

  it('delivers one message per topic and id, however often it is asked for', async () => {
    const { taken, letters, topic } = start(() => undefined);
    await letters.send(topic, 'a');
    await letters.send(topic, 'a');
    await queue.jobs.drain();
    await letters.send(topic, 'a');
    await queue.jobs.drain();
    expect(taken.map(({ subject }) => subject)).to.deep.equal(['a']);
  });

  it('delivers nothing when there is nothing to say any more', async () => {
    const { taken, letters, topic } = start(() => undefined);
    await letters.send(topic, 'gone');
    await queue.jobs.drain();
    expect([taken.length, await statusOf('gone')]).to.deep.equal([0, 'done']);
  });

  it('tries again under the same Message-ID when the server is down, and gives up after three days', async () => {
    let down = true;
    const { taken, tried, letters, topic } = start(() =>
      down ? new MailError('ESOCKET: down', false, true) : undefined,
    );
    await letters.send(topic, 'a');
    await queue.jobs.drain();
    expect((await queue.row('send-mail', 'lesson-moved:a')).error).to.equal('ESOCKET: down');
    down = false;
    queue.clock.advance(2 * HOUR);
    await queue.jobs.drain();
    expect(taken).to.have.length(1);
    expect(tried).to.have.length.greaterThan(1);
    expect(new Set(tried).size).to.equal(1);
    down = true;
    await letters.send(topic, 'b');
    for (let hours = 0; hours < 80; hours += 2) {
      await queue.jobs.drain();
      queue.clock.advance(2 * HOUR);
    }
    expect(await statusOf('b')).to.equal('failed');
    expect(taken).to.have.length(1);
  });

  it('does not try again what the server has refused for good', async () => {
    const { letters, topic, written } = start(
      () => new MailError('EENVELOPE: 550 no such user', true, false),
    );
    await letters.send(topic, 'a');
    await queue.jobs.drain();
    queue.clock.advance(DAY);
    await queue.jobs.drain();
    expect([await statusOf('a'), written()]).to.deep.equal(['failed', 1]);
  });

  it('is not made when mail is off', async () => {
    const { letters, topic } = start(() => undefined, 'off');
    await letters.send(topic, 'a');
    expect(await queue.storage.connection.model('Job').countDocuments()).to.equal(0);
  });
});
