// Comforts of marking by hand: the page works without them.

const form = document.querySelector('form[data-marking]');
if (form) comfort(form);

function comfort(page) {
  const { points, comment } = page.elements;

  // The levels of a rubric make the points, as the server would work them out; they may still be changed.
  const most = Number(page.dataset.most);
  page.addEventListener('change', ({ target }) => {
    if (target.dataset.points === undefined || !(most > 0)) return;
    const groups = [...page.querySelectorAll('.criterion')];
    const chosen = groups.map((group) => group.querySelector('input:checked'));
    if (chosen.some((level) => level === null)) return;
    const reached = chosen.reduce((sum, level) => sum + Number(level.dataset.points), 0);
    const worth = (Number(page.dataset.maximum) * reached) / most;
    points.value = String(Math.round(worth * 1e5) / 1e5).replace('.', ',');
  });
  const first = page.querySelector('.criterion input:checked, .criterion input');
  if (first) first.focus();

  // A digit chooses the level with that many points in the criterion that has the focus; then the next one.
  page.addEventListener('keydown', (event) => {
    const group = event.target.closest?.('.criterion');
    if (!group || !/^\d$/.test(event.key)) return;
    const level = [...group.querySelectorAll('input')].find(({ dataset }) => dataset.points === event.key);
    if (!level) return;
    event.preventDefault();
    level.click();
    const groups = [...page.querySelectorAll('.criterion')];
    const next = groups[groups.indexOf(group) + 1];
    (next?.querySelector('input:checked') ?? next?.querySelector('input') ?? points).focus();
  });

  // What was said before is said again by one choice.
  const said = page.querySelector('[data-said]');
  said?.addEventListener('change', () => {
    if (said.value === '') return;
    comment.value = comment.value.trim() === '' ? said.value : `${comment.value.trimEnd()}\n${said.value}`;
    said.value = '';
    comment.focus();
  });
}
