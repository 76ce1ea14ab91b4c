// The square that is kept of a photo is chosen before the photo is sent: dragged or clicked with a pointer, moved by
// the arrows and sized by + and - or the slider. The fields say it in parts of the upright picture; without this script
// they stay empty, and the server chooses.

const STEP = 0.02;
const LEAST = 0.2;
const WIDEST = 480;

const within = (value, least, most) => Math.min(Math.max(value, least), most);

for (const form of document.querySelectorAll('form[data-photo-crop]')) {
  const part = (name) => form.querySelector(`[data-crop="${name}"]`);
  const [area, canvas, size, status] = ['area', 'canvas', 'size', 'status'].map(part);
  const fields = { x: part('x'), y: part('y'), size: part('side') };
  const chosen = form.querySelector('input[type=file]');
  const context = canvas.getContext('2d');
  let picture = null;
  /** In parts of the picture's width, of its height, and of its shorter edge. */
  let frame = { x: 0, y: 0, size: 1 };

  const edges = () => {
    const side = frame.size * Math.min(canvas.width, canvas.height);
    return { side, width: side / canvas.width, height: side / canvas.height };
  };

  function put({ x = frame.x, y = frame.y, size: scale = frame.size }) {
    frame.size = within(scale, LEAST, 1);
    const { width, height } = edges();
    frame.x = within(x, 0, 1 - width);
    frame.y = within(y, 0, 1 - height);
    draw();
    fields.x.value = frame.x.toFixed(4);
    fields.y.value = frame.y.toFixed(4);
    fields.size.value = frame.size.toFixed(4);
    size.value = String(Math.round(frame.size * 100));
    status.textContent = status.dataset.text
      .replace('{left}', Math.round(frame.x * 100))
      .replace('{top}', Math.round(frame.y * 100))
      .replace('{size}', Math.round(frame.size * 100));
  }

  /** Sizes the frame around its middle. */
  function scale(to) {
    const before = edges();
    const middle = { x: frame.x + before.width / 2, y: frame.y + before.height / 2 };
    frame.size = within(to, LEAST, 1);
    const { width, height } = edges();
    put({ x: middle.x - width / 2, y: middle.y - height / 2 });
  }

  function draw() {
    const { side } = edges();
    const [left, top] = [frame.x * canvas.width, frame.y * canvas.height];
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    context.fillStyle = 'rgb(0 0 0 / 55%)';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(
      picture,
      ...[frame.x * picture.width, frame.y * picture.height],
      ...[(side / canvas.width) * picture.width, (side / canvas.height) * picture.height],
      ...[left, top, side, side],
    );
    const line = Math.max(2, canvas.width / 200);
    // Light upon dark: it is seen on any picture.
    for (const [width, colour] of [
      [line * 2, '#000'],
      [line, '#fff'],
    ]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.strokeRect(left + line, top + line, side - 2 * line, side - 2 * line);
    }
  }

  function none() {
    area.hidden = true;
    picture = null;
    for (const field of Object.values(fields)) field.value = '';
  }

  chosen.addEventListener('change', async () => {
    none();
    const [file] = chosen.files;
    if (!file) return;
    try {
      const whole = await window.createImageBitmap(file, { imageOrientation: 'from-image' });
      if (chosen.files[0] !== file) return;
      const width = Math.min(WIDEST * 2, whole.width);
      picture = document.createElement('canvas');
      picture.width = width;
      picture.height = Math.max(1, Math.round((whole.height * width) / whole.width));
      picture.getContext('2d').drawImage(whole, 0, 0, picture.width, picture.height);
      whole.close();
      [canvas.width, canvas.height] = [picture.width, picture.height];
      area.hidden = false;
      // Faces stand in the upper half of a tall photo.
      const { width: wide, height: high } = ((frame = { x: 0, y: 0, size: 1 }), edges());
      put({ x: (1 - wide) / 2, y: (1 - high) / 4 });
    } catch {
      // Not a picture that this browser reads: the server says what it makes of it.
      none();
    }
  });

  const at = ({ offsetX, offsetY }) => ({
    x: offsetX / canvas.clientWidth,
    y: offsetY / canvas.clientHeight,
  });
  /** Where in the frame it was taken. */
  let held = null;
  canvas.addEventListener('pointerdown', (event) => {
    const { x, y } = at(event);
    const { width, height } = edges();
    const inside = x >= frame.x && x <= frame.x + width && y >= frame.y && y <= frame.y + height;
    held = inside ? { x: x - frame.x, y: y - frame.y } : { x: width / 2, y: height / 2 };
    canvas.setPointerCapture(event.pointerId);
    put({ x: x - held.x, y: y - held.y });
  });
  canvas.addEventListener('pointermove', (event) => {
    if (held) put({ x: at(event).x - held.x, y: at(event).y - held.y });
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => (held = null));

  const KEYS = {
    ArrowLeft: () => put({ x: frame.x - STEP }),
    ArrowRight: () => put({ x: frame.x + STEP }),
    ArrowUp: () => put({ y: frame.y - STEP }),
    ArrowDown: () => put({ y: frame.y + STEP }),
    '+': () => scale(frame.size + STEP),
    '=': () => scale(frame.size + STEP),
    '-': () => scale(frame.size - STEP),
  };
  canvas.addEventListener('keydown', (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  size.addEventListener('input', () => scale(Number(size.value) / 100));
}
