// Answers on a picture: a click on an area chooses it, a caption is dragged onto its place. The fields below the
// picture are what is sent, and what is used from the keyboard.

for (const question of document.querySelectorAll('[data-area-choice]')) {
  const inputOf = (area) => question.querySelector(`input[data-area="${area.dataset.area}"]`);
  const show = () => {
    for (const area of question.querySelectorAll('g.area'))
      area.classList.toggle('chosen', inputOf(area).checked);
  };
  question.addEventListener('click', ({ target }) => {
    const area = target.closest('g.area');
    if (area) inputOf(area).click();
  });
  question.addEventListener('change', show);
  show();
}

for (const question of document.querySelectorAll('[data-captions]')) {
  const listOf = (area) => question.querySelector(`select[data-area="${area.dataset.area}"]`);
  const show = () => {
    for (const area of question.querySelectorAll('g.area')) {
      const list = listOf(area);
      const text = list.value === '' ? area.dataset.area : list.selectedOptions[0].textContent.trim();
      area.querySelector('text').textContent = text;
      area.classList.toggle('chosen', list.value !== '');
    }
  };
  const put = (area, text) => {
    const list = listOf(area);
    const option = [...list.options].find((choice) => choice.textContent.trim() === text);
    if (!option) return;
    list.value = option.value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
  };
  for (const caption of question.querySelectorAll('[data-words] > *')) {
    caption.draggable = true;
    caption.addEventListener('dragstart', (event) =>
      event.dataTransfer.setData('text/plain', caption.textContent.trim()),
    );
    // On a touch screen nothing is dragged: a tap takes the caption, the next one puts it down.
    caption.addEventListener('click', () => {
      for (const other of question.querySelectorAll('[data-words] > *')) other.classList.remove('taken');
      caption.classList.add('taken');
    });
  }
  for (const area of question.querySelectorAll('g.area')) {
    area.addEventListener('dragover', (event) => event.preventDefault());
    area.addEventListener('drop', (event) => {
      event.preventDefault();
      put(area, event.dataTransfer.getData('text/plain'));
    });
    area.addEventListener('click', () => {
      const taken = question.querySelector('[data-words] > .taken');
      if (!taken) return listOf(area).focus();
      taken.classList.remove('taken');
      put(area, taken.textContent.trim());
    });
  }
  question.addEventListener('change', show);
  show();
}
