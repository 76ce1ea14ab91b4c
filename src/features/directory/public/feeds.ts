import { fullName } from '../../../shared/names.js';
import type { Card } from '../cards/card.js';
import type { Material } from '../materials/material.js';

export interface FeedItem {
  readonly material: Material;
  readonly card: Card;
}

export interface FeedSource {
  readonly title: string;
  readonly publicUrl: string;
  readonly locale: string;
  readonly items: readonly FeedItem[];
}

/** https://www.jsonfeed.org/version/1.1/ */
export const jsonFeed = ({ title, publicUrl, locale, items }: FeedSource): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: `${publicUrl}/materials`,
    feed_url: `${publicUrl}/feed.json`,
    language: locale,
    items: items.map(({ material, card }) => ({
      id: `${publicUrl}/materials/${material.key}`,
      url: `${publicUrl}/materials/${material.key}`,
      title: material.title,
      content_text: material.description || material.title,
      date_published: material.createdAt.toISOString(),
      date_modified: material.updatedAt.toISOString(),
      authors: [{ name: fullName(card.name), url: `${publicUrl}/teachers/${card.slug}` }],
      ...(material.topic !== '' && { tags: [material.topic] }),
    })),
  });

/** Text of an XML element or attribute: without what XML 1.0 has no place for. */
export const xml = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');

/** https://www.rssboard.org/rss-specification */
export const rssFeed = ({ title, publicUrl, locale, items }: FeedSource): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">',
    '<channel>',
    `<title>${xml(title)}</title>`,
    `<link>${xml(publicUrl)}/materials</link>`,
    `<description>${xml(title)}</description>`,
    `<language>${locale}</language>`,
    `<atom:link href="${xml(publicUrl)}/feed.rss" rel="self" type="application/rss+xml"/>`,
    ...items.map(({ material, card }) =>
      [
        '<item>',
        `<title>${xml(material.title)}</title>`,
        `<link>${xml(publicUrl)}/materials/${material.key}</link>`,
        `<guid isPermaLink="true">${xml(publicUrl)}/materials/${material.key}</guid>`,
        `<description>${xml(material.description || material.title)}</description>`,
        `<dc:creator>${xml(fullName(card.name))}</dc:creator>`,
        `<pubDate>${material.createdAt.toUTCString()}</pubDate>`,
        '</item>',
      ].join(''),
    ),
    '</channel>',
    '</rss>',
    '',
  ].join('\n');

/** https://www.sitemaps.org/protocol.html */
export const sitemap = (addresses: readonly string[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...addresses.map((address) => `<url><loc>${xml(address)}</loc></url>`),
    '</urlset>',
    '',
  ].join('\n');
