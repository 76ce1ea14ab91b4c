// Comforts of the form of a question. Without this script files are sent with a button, and areas are typed as numbers.

const form = document.querySelector('[data-question-form]');
if (form) {
  rememberField(form);
  takePasted(form);
  const picture = form.querySelector('[data-draw]');
  if (picture) drawAreas(form, picture);
  // Ctrl+Enter saves and goes on: ten questions without the mouse.
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('[name=next]'));
  });
}
document.querySelector('#preview')?.focus();
// An empty form is typed into at once; what was done before stands in the page's title as well.
const first = form?.querySelector('[name=text]');
if (first?.value === '') first.focus();

/** A file goes into the field that was typed in last. */
function rememberField(page) {
  const to = page.querySelector('[name=attachTo]');
  page.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.matches('textarea, input[type=text]')) return;
    const rows = [...page.querySelectorAll(`[name="${target.name}"]`)];
    if (to) to.value = rows.length > 1 ? `${target.name}:${rows.indexOf(target)}` : target.name;
  });
}

/** A picture from the clipboard is sent as if it had been chosen. */
function takePasted(page) {
  const input = page.querySelector('[name=file]');
  page.addEventListener('paste', (event) => {
    const [file] = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
    if (!file || !input) return;
    event.preventDefault();
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
    page.requestSubmit(page.querySelector('[name=attach]'));
  });
}

/** Areas are drawn on the picture with the pointer; the numbers in the rows are the truth. */
function drawAreas(page, picture) {
  const drawn = picture.querySelector('[data-drawn]');
  const rows = [...page.querySelectorAll('.area[data-area]')];
  const part = (row, name) => row.querySelector(`[name=${name}]`);
  const numbers = (row) =>
    part(row, 'coords')
      .value.match(/-?\d+(?:[.]\d+)?/g)
      ?.map(Number) ?? [];
  const make = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  function shapeOf(shape, values) {
    const [a, b, c, d] = values;
    if (shape === 'rect' && values.length === 4)
      return make('rect', {
        x: Math.min(a, c),
        y: Math.min(b, d),
        width: Math.abs(c - a),
        height: Math.abs(d - b),
      });
    if (shape === 'circle' && values.length === 3) return make('circle', { cx: a, cy: b, r: Math.max(0, c) });
    return shape === 'poly' && values.length >= 6 ? make('polygon', { points: values.join(' ') }) : null;
  }
  function show() {
    drawn.replaceChildren();
    for (const row of rows) {
      const shape = shapeOf(part(row, 'shape').value, numbers(row));
      if (!shape) continue;
      const group = make('g', { class: part(row, 'right')?.checked ? 'area right' : 'area' });
      const text = make('text', { 'font-size': picture.viewBox.baseVal.width / 28 });
      group.append(shape, text);
      drawn.append(group);
      const box = shape.getBBox();
      text.setAttribute('x', box.x + box.width / 2);
      text.setAttribute('y', box.y + box.height / 2);
      text.textContent = row.dataset.area;
    }
  }
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      picture.getScreenCTM().inverse(),
    );
    return [Math.round(point.x), Math.round(point.y)];
  };
  let from = null;
  let row = null;
  // The row that was touched last, or the first free one.
  let touched = null;
  page.addEventListener('focusin', ({ target }) => {
    touched = target.closest('.area[data-area]') ?? touched;
  });
  const free = () => rows.find((candidate) => part(candidate, 'coords').value.trim() === '');
  picture.addEventListener('pointerdown', (event) => {
    row = touched && part(touched, 'coords').value.trim() === '' ? touched : free();
    if (!row) return;
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    from = at(event);
    if (part(row, 'shape').value === 'poly') part(row, 'shape').value = 'rect';
  });
  picture.addEventListener('pointermove', (event) => {
    if (!from) return;
    const [x, y] = at(event);
    const isCircle = part(row, 'shape').value === 'circle';
    const radius = Math.round(Math.hypot(x - from[0], y - from[1]));
    part(row, 'coords').value = (isCircle ? [...from, radius] : [...from, x, y]).join(', ');
    show();
  });
  picture.addEventListener('pointerup', () => {
    from = null;
    touched = null;
    (row && (part(row, 'answer') ?? part(row, 'label')))?.focus({ preventScroll: true });
    touched = null;
  });
  page.addEventListener('input', show);
  show();
}
