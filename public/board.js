// A teacher's week as a grid: dragging over free time fills the form of new slots, dragging a slot moves it. Both
// forms work without it.

const holder = document.querySelector('#board');
const { locale, first, from, until, lengths, events } = JSON.parse(
  document.querySelector('#board-grid').textContent,
);
const make = document.querySelector('#board-make');
const move = document.querySelector('#board-move');

const MINUTE = 60_000;
// The grid has no time zones: its dates are wall-clock times.
const two = (number) => String(number).padStart(2, '0');
const dateOf = (moment) => `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
const timeOf = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`;

function fill(form, values) {
  form.closest('details').open = true;
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
}

function selected({ start, end }) {
  if (!make) return;
  // At least one slot of the series.
  const least = new Date(start.getTime() + lengths[make.elements.series.value] * MINUTE);
  const last = end < least ? least : end;
  fill(make, {
    date: dateOf(start),
    start: timeOf(start),
    end: dateOf(last) === dateOf(start) ? timeOf(last) : '00:00',
  });
  make.querySelector('button').focus();
}

function moved({ event, revert }) {
  if (!move || !event.extendedProps.movable) {
    revert();
    return;
  }
  fill(move, { slot: event.id, date: dateOf(event.start), start: timeOf(event.start) });
  if (event.extendedProps.booked > 0) {
    // Those who have booked are told why.
    move.elements.reason.required = true;
    move.elements.reason.focus();
  } else move.requestSubmit();
}

// eslint-disable-next-line no-undef -- the library defines it
EventCalendar.create(holder, {
  view: 'timeGridWeek',
  date: first,
  locale: locale === 'ru' ? 'ru-RU' : 'en-GB',
  firstDay: 1,
  headerToolbar: { start: '', center: '', end: '' },
  allDaySlot: false,
  slotMinTime: from,
  slotMaxTime: until,
  slotDuration: '00:30',
  // Pixels: the time and the title of a slot of half an hour are two lines.
  slotHeight: 32,
  snapDuration: '00:05',
  nowIndicator: false,
  selectable: true,
  editable: true,
  eventDurationEditable: false,
  longPressDelay: 400,
  events: events.map(({ movable, booked, url, ...event }) => ({
    ...event,
    startEditable: movable,
    classNames: [booked > 0 ? 'booked' : 'free'],
    extendedProps: { movable, booked, url },
  })),
  select: selected,
  eventDrop: moved,
  eventClick: ({ event }) => {
    location.href = event.extendedProps.url;
  },
});
// The library makes a table of it whose rows and cells do not fit; its times are buttons, and the forms do the rest.
setTimeout(() => {
  for (const part of holder.querySelectorAll('[role]:not([role="button"])')) part.removeAttribute('role');
  for (const name of ['aria-colindex', 'aria-colspan', 'aria-rowindex', 'aria-colcount', 'aria-rowcount'])
    for (const part of holder.querySelectorAll(`[${name}]`)) part.removeAttribute(name);
});
for (const hint of document.querySelectorAll('.board-hint')) hint.hidden = false;
