/** A host whose films may be embedded, and how the address of a film becomes that of its player. */
interface VideoHost {
  readonly hosts: readonly string[];
  readonly player: (url: URL) => string | null;
}

const ID = /^[\w-]{5,60}$/;

const known = (id: string | null | undefined, make: (id: string) => string): string | null =>
  id !== null && id !== undefined && ID.test(id) ? make(id) : null;

const HOSTS: readonly VideoHost[] = [
  {
    hosts: ['rutube.ru'],
    player: ({ pathname }) =>
      known(
        /^\/(?:video|play\/embed)\/([\w-]+)/.exec(pathname)?.[1],
        (id) => `https://rutube.ru/play/embed/${id}`,
      ),
  },
  {
    hosts: ['vk.com', 'vk.ru', 'vkvideo.ru'],
    player({ pathname, searchParams }) {
      const [, owner, id] = /^\/video(-?\d{1,15})_(\d{1,15})$/.exec(pathname) ?? [];
      const oid = owner ?? (pathname === '/video_ext.php' ? searchParams.get('oid') : null);
      const film = id ?? searchParams.get('id');
      return /^-?\d{1,15}$/.test(oid ?? '') && /^\d{1,15}$/.test(film ?? '')
        ? `https://vk.com/video_ext.php?oid=${oid ?? ''}&id=${film ?? ''}`
        : null;
    },
  },
  {
    hosts: ['youtube.com', 'youtube-nocookie.com'],
    player: ({ pathname, searchParams }) =>
      known(/^\/(?:embed|shorts)\/([\w-]+)/.exec(pathname)?.[1] ?? searchParams.get('v'), youtube),
  },
  { hosts: ['youtu.be'], player: ({ pathname }) => known(pathname.slice(1), youtube) },
];

function youtube(id: string): string {
  return `https://www.youtube-nocookie.com/embed/${id}`;
}

/** Origins that a page with a film may frame. */
export const VIDEO_ORIGINS = [
  'https://rutube.ru',
  'https://vk.com',
  'https://www.youtube-nocookie.com',
] as const;

/** Returns the address of the player for a film's address; null for a host that is not allowed. */
export function videoPlayer(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '') return null;
  const host = url.hostname.replace(/^(?:www|m)\./, '');
  return HOSTS.find(({ hosts }) => hosts.includes(host))?.player(url) ?? null;
}
