import type { DemoMessage } from './index.js';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0 auto; max-width: 34rem; padding: 1rem; font: 16px/1.45 system-ui, sans-serif; background: light-dark(#eef1f6, #12161c); color: light-dark(#1b2430, #e3e8f0); }
  a { color: light-dark(#2a56bd, #9dbbff); }
  form.write { display: flex; gap: .5rem; }
  form.write textarea { flex: 1; min-width: 0; font: inherit; padding: .5rem; border-radius: .6rem; }
  form.write button { width: auto; margin: 0; }
  h1 { font-size: 1.1rem; }
  .message { margin: .6rem 0; padding: .6rem .9rem; border-radius: .8rem; background: light-dark(#fff, #1f2630); white-space: pre-wrap; overflow-wrap: anywhere; }
  .person { margin-left: 30%; background: light-dark(#d9e6ff, #274070); }
  .message small { display: block; color: light-dark(#5a6475, #a9b4c6); }
  form { display: inline; }
  button, a.button { display: block; width: 100%; box-sizing: border-box; margin-top: .4rem; padding: .6rem; border: 0; border-radius: .6rem; background: #3b6fe0; color: #fff; font: inherit; text-align: center; text-decoration: none; cursor: pointer; }
  a.button { background: light-dark(#dfe6f3, #33404f); color: inherit; }
`;

const page = (body: string): string => `<!doctype html>
<html lang="ru">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>MAX: имитация</title><style>${STYLE}</style></head>
<body><h1>MAX (имитация для демонстрации)</h1>${body}</body>
</html>`;

/** The bot before a person has started it. */
export const startPage = (code: string): string =>
  page(`<p>Бот «Наставник» будет присылать уведомления о занятиях.</p>
<form method="post" action="/start"><input type="hidden" name="code" value="${escaped(code)}"><button type="submit">Начать</button></form>`);

/** The chat with the bot, the newest first. */
export function chatPage(messages: readonly DemoMessage[]): string {
  if (messages.length === 0) {
    return page(
      '<p>Сообщений пока нет. Подключите MAX в курсе: «Уведомления» → «Настройка уведомлений».</p>',
    );
  }
  const shown = [...messages].reverse().map(({ from, text, at, buttons }) => {
    const keys = buttons.map((button) =>
      button.payload === ''
        ? `<a class="button" href="${escaped(button.url)}">${escaped(button.text)}</a>`
        : `<form method="post" action="/press"><input type="hidden" name="payload" value="${escaped(button.payload)}"><button type="submit">${escaped(button.text)}</button></form>`,
    );
    const time = at.toLocaleString('ru-RU', {
      ...{ dateStyle: 'medium', timeStyle: 'short' },
      // Of the demo's centre, as its messages say.
      timeZone: 'Europe/Moscow',
    });
    return `<div class="message ${from}">${escaped(text)}<small>${time}</small>${keys.join('')}</div>`;
  });
  return page(`<p><a href="/">Обновить</a></p>
<form method="post" action="/write" class="write"><textarea name="text" rows="1" required maxlength="4000" aria-label="Сообщение боту" placeholder="Сообщение"></textarea><button type="submit">Отправить</button></form>
${shown.join('\n')}`);
}
