import { expect } from 'chai';
import { CONTACT_KINDS, type ContactKind } from '../../../src/features/directory/cards/card.js';
import {
  contactLink,
  contactText,
  normaliseContact,
} from '../../../src/features/directory/cards/contacts.js';

/** Typed → normal form → link. */
const TAKEN: Readonly<Record<ContactKind, readonly (readonly [string, string, string])[]>> = {
  telephone: [
    ['8 (900) 123-45-67', '+79001234567', 'tel:+79001234567'],
    ['+7 900 123\u201145\u201167', '+79001234567', 'tel:+79001234567'],
    ['9001234567', '+79001234567', 'tel:+79001234567'],
    ['tel:+79001234567', '+79001234567', 'tel:+79001234567'],
    ['+7\u200b 900 123-45-67', '+79001234567', 'tel:+79001234567'],
    // As a telephone's list of contacts copies it, with marks of direction that are not seen.
    ['\u202a8 900 123-45-67\u202c', '+79001234567', 'tel:+79001234567'],
    ['\ufeff8 900 123-45-67', '+79001234567', 'tel:+79001234567'],
    ['+375 29 123-45-67', '+375291234567', 'tel:+375291234567'],
    ['8-495-123-45-67 доб. 12', '+74951234567;ext=12', 'tel:+74951234567;ext=12'],
    ['+7 495 123-45-67, 12', '+74951234567;ext=12', 'tel:+74951234567;ext=12'],
  ],
  email: [
    ['Olga.P@Example.ORG', 'Olga.P@example.org', 'mailto:Olga.P@example.org'],
    ['mailto:a@b.ru', 'a@b.ru', 'mailto:a@b.ru'],
    ['почта@пример.рф', 'почта@пример.рф', 'mailto:%D0%BF%D0%BE%D1%87%D1%82%D0%B0@xn--e1afmkfd.xn--p1ai'],
    ['a?cc=x&b@c.ru', 'a?cc=x&b@c.ru', 'mailto:a%3Fcc%3Dx%26b@c.ru'],
  ],
  whatsapp: [
    ['8 900 123 45 67', '+79001234567', 'https://wa.me/79001234567'],
    ['https://wa.me/79001234567?text=hi', '+79001234567', 'https://wa.me/79001234567'],
    ['https://api.whatsapp.com/send?phone=%2B79001234567', '+79001234567', 'https://wa.me/79001234567'],
  ],
  telegram: [
    ['@Sokolova_EV', 'sokolova_ev', 'https://t.me/sokolova_ev'],
    ['sokolova', 'sokolova', 'https://t.me/sokolova'],
    ['https://t.me/Sokolova?start=x', 'sokolova', 'https://t.me/sokolova'],
    ['telegram.me/sokolova', 'sokolova', 'https://t.me/sokolova'],
    ['t.me/+79001234567', '+79001234567', 'https://t.me/+79001234567'],
    ['8 900 123-45-67', '+79001234567', 'https://t.me/+79001234567'],
  ],
  max: [
    ['https://max.ru/u/f9LHodD0cOJ_x-1', 'u/f9LHodD0cOJ_x-1', 'https://max.ru/u/f9LHodD0cOJ_x-1'],
    ['@Teacher', 'teacher', 'https://max.ru/teacher'],
    ['max.ru/id7701_bot', 'id7701_bot', 'https://max.ru/id7701_bot'],
  ],
  vk: [
    ['https://m.vk.com/Ivanova.Maria?from=search', 'ivanova.maria', 'https://vk.com/ivanova.maria'],
    ['vk.ru/id1', 'id1', 'https://vk.com/id1'],
    ['@durov', 'durov', 'https://vk.com/durov'],
  ],
  instagram: [
    ['https://www.instagram.com/A.b_c/?igsh=1', 'a.b_c', 'https://instagram.com/a.b_c'],
    ['@a.b_c', 'a.b_c', 'https://instagram.com/a.b_c'],
  ],
  viber: [
    ['8 900 123-45-67', '+79001234567', 'viber://chat?number=%2B79001234567'],
    ['viber://chat?number=%2B79001234567', '+79001234567', 'viber://chat?number=%2B79001234567'],
  ],
  sferum: [
    [
      'https://sferum.ru/?p=profile&id=1',
      'https://sferum.ru/?p=profile&id=1',
      'https://sferum.ru/?p=profile&id=1',
    ],
    ['web.vk.me/join/abc', 'https://web.vk.me/join/abc', 'https://web.vk.me/join/abc'],
  ],
  other: [
    ['Скайп: кабинет 5', 'Скайп: кабинет 5', ''],
    ['school.ru/room', 'https://school.ru/room', 'https://school.ru/room'],
  ],
  site: [
    ['school.ru', 'https://school.ru/', 'https://school.ru/'],
    ['http://school.ru:8080/a?b=1#c', 'http://school.ru:8080/a?b=1#c', 'http://school.ru:8080/a?b=1#c'],
    ['https://пример.рф', 'https://xn--e1afmkfd.xn--p1ai/', 'https://xn--e1afmkfd.xn--p1ai/'],
    ['x.org/"><b>', 'https://x.org/%22%3E%3Cb%3E', 'https://x.org/%22%3E%3Cb%3E'],
  ],
};

const REFUSED: Readonly<Record<ContactKind, readonly string[]>> = {
  telephone: [
    '12345',
    '+7 900 123',
    '+8 900 123-45-67',
    '900-12345-67-89-01-23',
    'позвоните мне',
    '8 800 FLOWERS',
    // The letter О in the place of zeros.
    '8 9ОО 123-45-67',
    '+0 900 123 45 67',
  ],
  email: [
    'a@b',
    'a@@b.ru',
    'a b@c.ru',
    '<a@b.ru>',
    'a@b.ru?subject=x',
    'a@127.0.0.1',
    '@b.ru',
    '.a@b.ru',
    'Имя',
  ],
  whatsapp: ['https://evil.ru/79001234567', 'wa.me/message/ABC', '+7 900 123-45-67 доб. 1', '@name'],
  telegram: [
    't.me/+AbCdEf1234',
    't.me/joinchat/abc',
    't.me/s/durov',
    'https://t.me.evil.ru/durov',
    'https://t.me@evil.ru/durov',
    'https://evil.ru/t.me/durov',
    'соколова',
    'abc',
  ],
  max: ['max.ru/join/abcdefghijkl', 'https://max.ru/u/short', 'https://max.com/name'],
  vk: [
    'vk.com',
    'https://vk.com/',
    'vk.com/away.php?to=https://evil.ru',
    'vk.com:8080/name',
    'vk.com/im/x',
    '//vk.com/x',
  ],
  instagram: ['instagram.com/p/xyz', 'a..b', '.a', 'instagram.com/explore', 'имя'],
  viber: ['@name', '+7 900 123-45-67 доб. 1', 'viber://pa?chatURI=x'],
  sferum: ['https://sferum.ru.evil.org/x', 'https://evil.org/sferum.ru', 'сферум'],
  other: ['<b>x</b>', 'file:///etc/passwd', 'x'],
  site: [
    'localhost',
    'school',
    '127.0.0.1',
    'https://[::1]/',
    'ftp://x.org',
    'https://user:pw@x.org',
    'mailto:a@b.ru',
    '//x.org',
  ],
};

/** What must never become a link, whatever the kind. */
const POISON = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)//vk.com/x',
  'java\tscript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'https://x.org\\@evil.ru',
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
];

describe('directory contacts', () => {
  for (const kind of CONTACT_KINDS) {
    it(`${kind}: takes what people write and paste, in one normal form`, () => {
      for (const [typed, normal, href] of TAKEN[kind]) {
        expect(normaliseContact(kind, typed), typed).to.equal(normal);
        expect(contactLink(kind, normal).href, typed).to.equal(href);
      }
    });

    it(`${kind}: what the form shows is the same contact when it is sent again`, () => {
      for (const [, normal] of TAKEN[kind]) {
        expect(normaliseContact(kind, contactText(kind, normal)), normal).to.equal(normal);
      }
    });

    it(`${kind}: refuses what is not of its kind`, () => {
      for (const typed of REFUSED[kind]) expect(normaliseContact(kind, typed), typed).to.equal(null);
    });

    it(`${kind}: nothing typed is no contact; scripts and markup never become a link`, () => {
      expect(normaliseContact(kind, ' ')).to.equal('');
      expect(contactText(kind, '')).to.equal('');
      for (const typed of POISON) expect(normaliseContact(kind, typed), typed).to.equal(null);
    });
  }
});
