/** The administrator's room. */
export const adminFields = {
  loginForm: 'Буквы, цифры, точка, дефис, подчёркивание или @; от 2 до 60 знаков',
  passwordShort: 'Нужно не меньше 12 знаков',
  passwordTrivial: 'Такой пароль подберут первым: не хватает своего, непредсказуемого',
  passwordRepeat: 'Пароли не совпадают',
  passwordRefused: 'Пароль не подходит',
  loginRefused: 'Имя или пароль не подходит',
  loginPaused: 'Слишком много неудачных попыток. Подождите и попробуйте снова',
  codeRefused: 'Код не подходит или уже использован',
  roleForm:
    'Роль пишется как Mentor, Instructor#Grader, institution/person#Faculty или целиком, с https:// или urn:',
} as const;

export const adminErrors = {
  'admin-login-needed': {
    title: 'Нужно войти',
    text: 'Это кабинет администратора: откройте /admin и войдите.',
  },
  'admin-login-refused': { title: 'Войти не удалось', text: 'Имя, пароль или код не подходит.' },
  'admin-login-paused': {
    title: 'Попробуйте позже',
    text: 'Слишком много неудачных попыток. Подождите и попробуйте снова.',
  },
  'admin-busy': { title: 'Слишком много входов сразу', text: 'Подождите несколько секунд и повторите.' },
  'admin-link-over': {
    title: 'Ссылка больше не действует',
    text: 'Она работает один раз и сутки. Новую делает команда npm run admin на сервере.',
  },
  'admin-not-found': { title: 'Такого администратора нет', text: 'Проверьте имя.' },
  'admin-account-disabled': { title: 'Учётная запись отключена', text: 'Сначала включите её.' },
  'admin-totp-there': {
    title: 'Второй шаг уже включён',
    text: 'Чтобы сменить ключ, сначала выключите его.',
  },
  'admin-totp-draft': { title: 'Ключ уже другой', text: 'Начните подключение заново.' },
  'registration-stale': {
    title: 'Уже изменено',
    text: 'Кто-то изменил эту платформу, пока вы писали. Ничего не сохранено: откройте её снова.',
  },
  'deployments-full': {
    title: 'Размещений слишком много',
    text: 'У этой платформы их уже сто. Удалите ненужные и одобрите ещё раз.',
  },
} as const;
