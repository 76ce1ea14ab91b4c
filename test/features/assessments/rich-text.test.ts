import { expect } from 'chai';
import { richText } from '../../../src/features/assessments/bank/rich-text.js';

describe('texts of questions', () => {
  it('escapes plain text and keeps its lines', () => {
    expect(richText('1 < 2\nда', 'plain')).to.equal('1 &lt; 2<br>да');
  });

  it('drops scripts, styles, handlers and foreign images from HTML', () => {
    const html = richText(
      '<p onclick="x()" style="color:red">Да<script>alert(1)</script><img src="https://a.example/x.png"></p><a href="javascript:x()">a</a>',
      'html',
    );
    expect(html).to.equal('<p>Да</p><a>a</a>');
  });

  it('sanitises what Markdown lets through', () => {
    expect(richText('**да** <script>x</script>', 'markdown')).to.equal('<p><strong>да</strong> </p>\n');
  });

  it('writes formulas as MathML without styles', () => {
    const html = richText('Найдите \\(x^2\\), если $$x = \\frac{1}{2}$$', 'plain');
    expect(html).to.contain('<math').and.contain('<msup>').and.contain('<mfrac>');
    expect(html).not.to.match(/style=|class=/);
  });

  it('keeps listings of code as they are: no formula, no mark-up and no script in them', () => {
    const code = 'if (a < b) print("$x^2$ **да** <script>");';
    const shown = 'if (a &lt; b) print("$x^2$ **да** &lt;script&gt;");';
    expect(richText(`\`\`\`\n${code}\n\`\`\``, 'markdown')).to.contain(`<pre><code>${shown}`);
    const html = richText(`<pre><code>${shown}</code></pre>`, 'html');
    expect(html).to.equal(`<pre><code>${shown}</code></pre>`);
  });

  it('survives a formula that cannot be read', () => {
    expect(richText('$$\\frac{1$$', 'plain')).to.be.a('string');
  });
});
