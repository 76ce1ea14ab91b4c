import { expect } from 'chai';
import { ALL_SCOPES, SCOPE } from '../../scripts/demo-lms/index.js';
import { launchLink } from '../support/lms.js';
import { openLab, STUDENT, TEACHER, type Lab } from './lab.js';
import { accessToken } from './tool.js';

const GROUPS = 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json';
const SETS = 'application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json';
const MEMBERS = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

interface Enrolled {
  readonly user_id: string;
  readonly group_enrollments?: readonly { readonly group_id: string }[];
}

describe('demo LMS: groups', () => {
  let lab: Lab;
  let url: string;
  let token: string;
  before(async () => {
    lab = await openLab();
    url = `/CourseSection/2/bindings/${lab.registered.id}`;
  });
  after(() => lab.close());

  const call = (path: string, accept: string) => lab.call(`${url}/${path}`, { accept, token });
  const members = async (query: string) =>
    ((await call(`memberships${query}`, MEMBERS)).json as { members: Enrolled[] }).members;

  it('are nothing of a tool that was not given them', async () => {
    token = await accessToken(lab.lms, lab.tool, lab.registered.clientId);
    expect((await call('groups', GROUPS)).status).to.equal(401);
    expect((await members('?groups=true')).some((member) => member.group_enrollments)).to.equal(false);
  });

  describe('of a tool that was given them', () => {
    before(async () => {
      lab.lms.control.changeTool(lab.registered.id, { scopes: [...ALL_SCOPES, SCOPE.groups] });
      const scope = `${SCOPE.groups} ${SCOPE.memberships}`;
      token = await accessToken(lab.lms, lab.tool, lab.registered.clientId, scope);
    });

    it('are listed with their sets, in pages when asked to', async () => {
      const answer = await call('groups', GROUPS);
      expect(answer.headers.get('content-type')).to.equal(`${GROUPS}; charset=utf-8`);
      expect((answer.json as { groups: unknown }).groups).to.deep.equal([
        { id: '1', name: 'Группа 9-А', set_id: '1' },
        { id: '2', name: 'Группа 9-Б', set_id: '1' },
        { id: '3', name: 'Подготовка к олимпиаде' },
      ]);
      const page = await call('groups?limit=2', GROUPS);
      expect(page.headers.get('link')).to.match(/^<[^>]*\/groups\?limit=2&from=2>; rel="next"$/);
      const last = await call('groups?limit=2&from=2', GROUPS);
      expect([last.headers.get('link'), (last.json as { groups: unknown[] }).groups.length]).to.deep.equal([
        null,
        1,
      ]);
      const sets = (await call('groupsets', SETS)).json as { sets: unknown };
      expect(sets.sets).to.deep.equal([{ id: '1', name: 'Классы' }]);
    });

    it('stand with members only when these are asked for with groups', async () => {
      const all = await members('?groups=true');
      const of = (id: string) => all.find(({ user_id }) => user_id === id)?.group_enrollments;
      expect(of(STUDENT)).to.deep.equal([{ group_id: '1' }, { group_id: '3' }]);
      expect(of(TEACHER)).to.deep.equal([]);
      expect((await members('')).some((member) => member.group_enrollments)).to.equal(false);
      const page = await call('memberships?groups=true&limit=1', MEMBERS);
      expect(page.headers.get('link')).to.contain('groups=true');
    });

    it('are named in launches: where they are, and by the variable', async () => {
      let seen: Record<string, unknown> = {};
      await launchLink(lab.lms, {
        person: STUDENT,
        course: '2',
        link: lab.link.id,
        forge: ({ claims }) => (seen = claims as Record<string, unknown>),
      });
      expect(seen['https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice']).to.deep.equal({
        context_groups_url: `${lab.lms.origin}/mod/lti/services.php${url}/groups`,
        context_group_sets_url: `${lab.lms.origin}/mod/lti/services.php${url}/groupsets`,
        scope: [SCOPE.groups],
        service_versions: ['1.0'],
      });
      expect(seen['https://purl.imsglobal.org/spec/lti/claim/custom']).to.include({ groups: '1,3' });
    });
  });
});
