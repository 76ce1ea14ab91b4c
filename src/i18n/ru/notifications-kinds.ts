/** Words of each kind of message; see src/features/notifications/sending/template.ts for their language. */
export const kinds = {
  'booking-made': {
    title: 'Запись на консультацию',
    subject: 'Вы записаны: {{title}}',
    text: 'Вы записаны на консультацию «{{title}}».\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nВаш вопрос: {{question}}\nКурс: {{course}}',
  },
  'booking-taken': {
    title: 'Новая запись к преподавателю',
    subject: 'Новая запись: {{title}}',
    text: 'Новая запись на консультацию «{{title}}».\n\nКто: {{student}}\nКогда: {{when}}\nВопрос: {{question}}\nКурс: {{course}}',
  },
  'booking-requested': {
    title: 'Заявка на консультацию ждёт ответа',
    subject: 'Заявка: {{title}}',
    text: 'Заявка на консультацию «{{title}}».\n\nКто: {{student}}\nКогда: {{when}}\nВопрос: {{question}}\nКурс: {{course}}\n\nПодтвердите или отклоните заявку.',
  },
  'booking-approved': {
    title: 'Заявка подтверждена',
    subject: 'Запись подтверждена: {{title}}',
    text: 'Преподаватель подтвердил вашу запись на консультацию «{{title}}».\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'booking-moved': {
    title: 'Консультация перенесена',
    subject: 'Перенос консультации: {{title}}',
    text: 'Консультация «{{title}}» перенесена.\n\nБыло: {{before}}\nСтало: {{when}}\nПричина: {{reason}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'booking-substituted': {
    title: 'Замена преподавателя',
    subject: 'Другой преподаватель: {{title}}',
    text: 'Консультацию «{{title}}» проведёт другой преподаватель.\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'booking-dropped': {
    title: 'Отмена своей записи',
    subject: 'Запись отменена: {{title}}',
    text: 'Запись на консультацию «{{title}}» отменена.\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nПричина: {{reason}}\nКурс: {{course}}',
  },
  'booking-relocated': {
    title: 'Консультация в другом месте',
    subject: 'Другое место: {{title}}',
    text: 'Консультация «{{title}}» пройдёт в другом месте.\n\nКогда: {{when}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'booking-shifted': {
    title: 'Обучающийся перенёс запись',
    subject: 'Запись перенесена: {{title}}',
    text: 'Обучающийся перенёс запись на консультацию «{{title}}».\n\nКто: {{student}}\nБыло: {{before}}\nСтало: {{when}}\nКурс: {{course}}',
  },
  'consultation-invitation': {
    title: 'Приглашение на консультацию',
    subject: 'Запишитесь на консультацию: {{title}}',
    text: 'Преподаватель приглашает вас записаться на консультацию «{{title}}». Выберите время в курсе.\n\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'test-message': {
    title: 'Сообщение преподавателя о тесте',
    subject: 'Сообщение о тесте: {{title}}',
    text: '{{text}}\n\nТест: {{title}}\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'consultation-message': {
    title: 'Сообщение преподавателя записавшимся',
    subject: 'Сообщение о консультации: {{title}}',
    text: '{{text}}\n\nКонсультация: {{title}}\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'seat-offered': {
    title: 'Место для вас из листа ожидания',
    subject: 'Освободилось место: {{title}}',
    text: 'На консультации «{{title}}» для вас держат место. Если не подтвердить его вовремя, оно достанется следующему.\n\nКогда: {{when}}\nПодтвердите до: {{until}}\nКурс: {{course}}',
  },
  'seat-freed': {
    title: 'Появилось свободное место',
    subject: 'Есть свободное место: {{title}}',
    text: 'На консультации «{{title}}» появилось свободное место. Запишитесь, пока оно не занято.\n\nКогда: {{when}}\nКурс: {{course}}',
  },
  'booking-cancelled': {
    title: 'Отмена консультации преподавателем',
    subject: 'Консультация отменена: {{title}}',
    text: 'Консультация «{{title}}» не состоится.\n\nКогда: {{when}}\nПричина: {{reason}}\nПреподаватель: {{teacher}}\nКурс: {{course}}\n\nЗаписаться на другое время можно в курсе.',
  },
  'booking-withdrawn': {
    title: 'Отмена записи обучающимся',
    subject: 'Запись отменена: {{title}}',
    text: 'Обучающийся отменил запись на консультацию «{{title}}».\n\nКто: {{student}}\nКогда: {{when}}\nПричина: {{reason}}\nКурс: {{course}}',
  },
  'booking-confirmed': {
    title: 'Обучающийся подтвердил, что придёт',
    subject: 'Подтверждено: {{title}}',
    text: 'Обучающийся придёт на консультацию «{{title}}».\n\nКто: {{student}}\nКогда: {{when}}\nКурс: {{course}}',
  },
  'booking-late': {
    title: 'Обучающийся опаздывает',
    subject: 'Опоздание: {{title}}',
    text: 'Обучающийся опаздывает на консультацию «{{title}}».\n\nКто: {{student}}\nКогда: {{when}}\nКурс: {{course}}',
  },
  'booking-reminder': {
    title: 'Напоминание о консультации',
    subject: 'Напоминаем: {{title}}, {{when.day}}, {{when.time}}',
    text: 'Напоминаем о консультации «{{title}}».\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'slot-reminder': {
    title: 'Напоминание преподавателю',
    subject: 'Вы проводите: {{title}}, {{when.day}}, {{when.time}}',
    text: 'Вы проводите консультацию «{{title}}».\n\nКогда: {{when}}\nЗаписано: {{booked}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'daily-list': {
    title: 'Список на день',
    subject: 'Расписание: {{day.day}}',
    text: 'Занятия и консультации: {{day.day}}.\nВремя {{day.zone}}.\n',
  },
  'test-opened': {
    title: 'Тест открыт',
    subject: 'Открыт тест: {{title}}',
    text: 'Тест «{{title}}» открыт.\n\nЗавершить до: {{closes}}\nКурс: {{course}}',
  },
  'test-closing': {
    title: 'Тест скоро закроется',
    subject: 'Скоро закроется тест: {{title}}',
    text: 'Вы ещё не прошли тест «{{title}}», а он скоро закроется.\n\nЗакроется: {{closes}}\nКурс: {{course}}',
  },
  'attempt-closed': {
    title: 'Попытка завершена по времени',
    subject: 'Время вышло: {{title}}',
    text: 'Время теста «{{title}}» вышло. Ответы сохранены, попытка завершена.\n\nКурс: {{course}}',
  },
  'test-marked': {
    title: 'Работа проверена',
    subject: 'Проверено: {{title}}',
    text: 'Преподаватель проверил вашу работу «{{title}}»: {{score}} из {{maximum}}.\n\nКурс: {{course}}',
  },
  'grade-delivered': {
    title: 'Оценка передана в журнал',
    subject: 'Оценка в журнале: {{title}}',
    text: 'Ваша оценка за «{{title}}» передана в журнал: {{score}} из {{maximum}}.\n\nКурс: {{course}}',
  },
  'grade-failed': {
    title: 'Оценка не передана в журнал',
    subject: 'Оценка не передана: {{title}}',
    text: 'Оценка за «{{title}}» не передана в журнал.\n\nОбучающийся: {{student}}\nОтвет СДО: {{reason}}\nКурс: {{course}}\n\nЧто можно сделать, показано на странице оценок.',
  },
  'people-changed': {
    title: 'Изменения в составе курса',
    subject: 'Изменения в составе курса «{{course}}»',
    text: 'Состав курса изменился.\n\nНовых участников: {{joined}}\nПокинули курс: {{left}}',
  },
  'question-asked': {
    title: 'Вопрос преподавателю',
    subject: 'Новый вопрос: {{title}}',
    text: 'Вам задали вопрос.\n\nВопрос: {{title}}\nКто: {{student}}\nОтветить нужно до: {{until}}\nКурс: {{course}}',
  },
  'question-taken': {
    title: 'Преподаватель взял вопрос',
    subject: 'Готовят ответ: {{title}}',
    text: 'На ваш вопрос «{{title}}» готовят ответ.\n\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'question-answered': {
    title: 'Ответ на вопрос',
    subject: 'Ответ на ваш вопрос: {{title}}',
    text: 'На ваш вопрос «{{title}}» есть ответ.\n\nКурс: {{course}}',
  },
  'question-due': {
    title: 'Скоро срок ответа',
    subject: 'Скоро срок ответа: {{title}}',
    text: 'Вопрос «{{title}}» ещё ждёт ответа.\n\nКто: {{student}}\nОтветить нужно до: {{until}}\nКурс: {{course}}',
  },
  'question-escalated': {
    title: 'Вопрос остался без ответа',
    subject: 'Вопрос без ответа: {{title}}',
    text: 'Вопрос «{{title}}» остался без ответа.\n\nСрок был: {{until}}\nКто отвечает: {{teacher}}\nКурс: {{course}}',
  },
  'class-cancelled': {
    title: 'Занятие отменено',
    subject: 'Занятие отменено: {{title}}',
    text: 'Занятие «{{title}}» не состоится.\n\nКогда: {{when}}\nПричина: {{reason}}\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'class-restored': {
    title: 'Отменённое занятие состоится',
    subject: 'Занятие состоится: {{title}}',
    text: 'Занятие «{{title}}», которое отменяли, состоится.\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'class-moved': {
    title: 'Занятие перенесено',
    subject: 'Перенос занятия: {{title}}',
    text: 'Занятие «{{title}}» перенесено.\n\nБыло: {{before}}\nСтало: {{when}}\nПричина: {{reason}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'class-substituted': {
    title: 'Занятие проведёт другой преподаватель',
    subject: 'Замена: {{title}}',
    text: 'Занятие «{{title}}» проведёт другой преподаватель.\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'class-given': {
    title: 'Преподавателю назначено занятие',
    subject: 'Вам назначено занятие: {{title}}',
    text: 'Занятие «{{title}}» проводите вы.\n\nКогда: {{when}}\nПричина замены: {{reason}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'class-reminder': {
    title: 'Напоминание о занятии',
    subject: 'Напоминаем: {{title}}, {{when.day}}, {{when.time}}',
    text: 'Напоминаем о занятии «{{title}}».\n\nКогда: {{when}}\nПреподаватель: {{teacher}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'lesson-reminder': {
    title: 'Напоминание преподавателю о занятии',
    subject: 'Вы ведёте: {{title}}, {{when.day}}, {{when.time}}',
    text: 'Вы ведёте занятие «{{title}}».\n\nКогда: {{when}}\nМесто: {{place}}\nВидеосвязь: {{link}}\nКурс: {{course}}',
  },
  'attendance-asked': {
    title: 'Отметьте посещение',
    subject: 'Отметьте посещение: {{title}}',
    text: 'Консультация «{{title}}» прошла. Отметьте, кто был.\n\nКогда: {{when}}\nКурс: {{course}}',
  },
  'seat-lost': {
    title: 'Место из листа ожидания занято другим',
    subject: 'Место не сохранено: {{title}}',
    text: 'Место на консультации «{{title}}» не подтвердили вовремя, и его предложили следующему.\n\nКогда: {{when}}\nКурс: {{course}}',
  },
  'material-published': {
    title: 'Новые материалы преподавателя',
    subject: 'Новые материалы: {{teacher}}',
    text: 'Преподаватель добавил материалы.\n\nПреподаватель: {{teacher}}\nМатериалы: {{titles}}',
  },
  'teacher-letter': {
    title: 'Контакты и материалы преподавателя',
    subject: 'Контакты и материалы {{teacher.genitive}}: {{course}}',
    text: '{{note}}\n\n{{contacts}}\n\n{{materials}}\n\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'teacher-message': {
    title: 'Сообщение преподавателя курсу',
    subject: 'Сообщение преподавателя: {{course}}',
    text: '{{note}}\n\nПреподаватель: {{teacher}}\nКурс: {{course}}',
  },
  'attempt-ending': {
    title: 'Время попытки заканчивается',
    subject: 'Время заканчивается: {{title}}',
    text: 'Вы начали тест «{{title}}» и ещё не завершили его.\n\nЗавершить до: {{closes}}\nКурс: {{course}}',
  },
  digest: {
    title: 'Сводка за день',
    subject: 'Сводка: {{day.day}}',
    text: 'Что произошло за последние сутки:',
  },
  alarm: {
    title: 'Сигнал администратору',
    subject: '«Наставник»: требуется внимание',
    text: '{{what}}',
  },
};
