import type { ForeignBody } from '../../exchange/foreign.js';
import { attr } from '../../exchange/formats/qti-names.js';
import { all } from '../../exchange/formats/qti-parts.js';
import { declaration, R } from '../../exchange/writers/qti3-parts.js';
import {
  markers,
  qtiArea,
  qtiPicture,
  takePicture,
  writtenCoords,
  writtenPicture,
  type ForeignArea,
  type PictureBody,
} from '../areas-exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { HotspotDefinition } from './hotspot.js';

interface HotspotBody extends PictureBody {
  readonly kind: 'hotspot';
  readonly areas: readonly (ForeignArea & { readonly right: boolean })[];
}

const isHotspot = (body: ForeignBody): body is HotspotBody => body.kind === 'hotspot';

/** The one marker of a question about areas. */
const MARK = '✓';

export const exchange: TypeExchange<HotspotDefinition, HotspotBody> = {
  kind: 'hotspot',
  take({ body }) {
    if (!isHotspot(body)) return null;
    const right = body.areas.flatMap((area, index) => (area.right ? [String(index)] : []));
    return { fields: { ...takePicture(body, body.areas), right }, image: body.image };
  },
  body: ({ image, width, height, areas }) => ({ kind: 'hotspot', image, width, height, areas }),
  key: ({ areas }) => areas.flatMap(({ right }, index) => (right ? [`№ ${index + 1}`] : [])),
  moodle: {
    name: 'ddmarker',
    // Moodle shows no areas: the right ones are to be marked.
    write: ({ image, areas }, { file }) =>
      markers(
        file(image),
        [MARK],
        areas.filter(({ right }) => right).map((area) => ({ ...area, answer: MARK })),
      ),
  },
  qti: {
    read({ only, find }) {
      if (only?.name !== 'hotspotInteraction') return null;
      const { correct, mapping } = only.response;
      const areas = all(only.element, 'hotspotChoice').flatMap((choice) => {
        const id = attr(choice, 'identifier');
        const area = qtiArea(choice);
        return area ? [{ ...area, right: correct.includes(id) || (mapping.get(id) ?? 0) > 0 }] : [];
      });
      return { kind: 'hotspot', ...qtiPicture(only.element, find), areas };
    },
    isAskedBelow: true,
    write(body, text, media) {
      const rights = body.areas.flatMap(({ right }, index) => (right ? [`A${index + 1}`] : []));
      const several = rights.length > 1;
      const areas = body.areas.map(
        (area, index) =>
          `<qti-hotspot-choice identifier="A${index + 1}" shape="${area.shape}" coords="${writtenCoords(area)}"/>`,
      );
      return {
        declarations: declaration(R, several ? 'multiple' : 'single', 'identifier', rights),
        body: `${text}<qti-hotspot-interaction response-identifier="${R}" max-choices="${several ? 0 : 1}">${writtenPicture(body, media)}${areas.join('')}</qti-hotspot-interaction>`,
      };
    },
  },
};
