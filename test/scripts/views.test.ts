import { expect } from 'chai';
import ejs from 'ejs';
import { formatView } from '../../scripts/views/format.js';
import { parseView } from '../../scripts/views/parse.js';
import { computationIn } from '../../scripts/views/rules.js';

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('the formatter of templates', () => {
  /** Formats, and sees that formatting again changes nothing. */
  async function formatted(source: string): Promise<string> {
    const once = await formatView(source);
    expect(await formatView(once), 'formatted again').to.equal(once);
    return once;
  }

  it('gives every block element and every block of code lines of its own', async () => {
    expect(await formatted(`<ul><% for (const name of names) { %><li><%= name %></li><% } %></ul>`)).to.equal(
      lines('<ul>', '  <% for (const name of names) { %>', '    <li><%= name %></li>', '  <% } %>', '</ul>'),
    );
  });

  it('splits a tag that opens or ends several blocks', async () => {
    expect(await formatted(`<% if (a) { for (const b of c) { %><p><%= b %></p><% } } %>`)).to.equal(
      lines('<% if (a) { %>', '  <% for (const b of c) { %>', '    <p><%= b %></p>', '  <% } %>', '<% } %>'),
    );
  });

  it('writes one attribute a line when a tag is too long', async () => {
    const source = `<input name="${'n'.repeat(60)}" value="<%= value %>"<% if (must) { %> required<% } %> class="${'c'.repeat(30)}">`;
    expect(await formatted(source)).to.equal(
      lines(
        '<input',
        `  name="${'n'.repeat(60)}"`,
        '  value="<%= value %>"',
        '  <% if (must) { %> required <% } %>',
        `  class="${'c'.repeat(30)}"`,
        '>',
      ),
    );
  });

  it('adds no space between inline elements that touch', async () => {
    const source = `<p><a href="${'a'.repeat(90)}">one</a><b>two</b><% if (x) { %><i>three</i><% } %>.</p>`;
    const text = (html: string): string =>
      ejs
        .render(html, { x: true })
        .replace(/<[^>]*>/g, '')
        .trim();
    expect(text(await formatted(source))).to.equal('onetwothree.');
  });

  it('takes no space away between words and inline elements', async () => {
    const source = `<p><b>one</b> <i>two</i><% if (x) { %> · three<% } %></p>`;
    for (const x of [true, false]) {
      const text = (html: string): string =>
        ejs
          .render(html, { x })
          .replace(/<[^>]*>/g, '')
          .replace(/\s+/g, ' ')
          .trim();
      expect(text(await formatted(source)), `x is ${x}`).to.equal(text(source));
    }
  });

  it('leaves what lies in pre, textarea and script as it is', async () => {
    const source = lines(
      '<pre>a',
      '   b</pre>',
      '<textarea name="t"> <%= t %></textarea>',
      '<script>let a;',
      ' a();</script>',
    );
    const result = await formatted(source);
    expect(result)
      .to.contain('<pre>a\n   b</pre>')
      .and.contain('> <%= t %></textarea>')
      .and.contain('let a;\n a();');
  });

  it('puts no line break into text whose line breaks are shown', async () => {
    const source = `<p class="prose"><%= a %> <% if (b) { %><b>${'long '.repeat(40)}</b><% } %></p>`;
    const inside = /<p[^>]*>([^]*)<\/p>/.exec(ejs.render(await formatted(source), { a: 'x', b: true }))?.[1];
    expect(inside).to.not.match(/\n/);
  });

  for (const [what, source] of [
    ['an element that ends in another branch than it began in', '<% if (a) { %><p><% } %></p>'],
    ['an element without an end', '<div><p>text</p>'],
    ['a block without an end', '<% if (a) { %><p>text</p>'],
    ['an end of nothing', '<p>text</p></div>'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseView(source)).to.throw(/^line 1: /);
    });
  }
});

describe('the rule that templates compute nothing', () => {
  const problems = (source: string): string[] => computationIn(parseView(source));

  it('allows names, comparisons, one choice, texts put together, and calls of helpers', () => {
    const source = `
      <% if (a.b && c.length > 0) { %>
        <%= t(past ? 'a.past' : 'a.next', { count: a.count }) %>
      <% } else if (!d) { %>
        <% for (const [name, value] of pairs(fields)) { %>
          <a href="<%= c('tests/' + name) %>"><%= value || '—' %></a>
        <% } %>
      <% } else { %>
        <%- partial('row', { row, named: true, labels: ['a', 'b'] }) %>
      <% } %>`;
    expect(problems(source)).to.deep.equal([]);
  });

  for (const [what, source] of [
    ['a variable', '<% const a = b; %>'],
    ['arithmetic', '<p><%= index + 1 %></p>'],
    ['a method', '<p><%= names.join(", ") %></p>'],
    ['a function', '<% for (const a of b.filter((x) => x.ok)) { %><p></p><% } %>'],
    ['a choice within a choice', "<p><%= a ? 'a' : b ? 'b' : 'c' %></p>"],
    ['an object made anew', '<p><%= new Date(a) %></p>'],
    ['a callback', '<% list.forEach((a) => { %><p></p><% }); %>'],
    ['a computation in an attribute', '<p class="<%= a * 2 %>"></p>'],
    ['a computation in a condition of an attribute', '<p <% if (a.some((b) => b)) { %> hidden <% } %>></p>'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(problems(source)).to.have.length.at.least(1);
    });
  }
});
