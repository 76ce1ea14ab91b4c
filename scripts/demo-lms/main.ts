/**
 * The demo LMS as a process of its own.
 *
 * LMS_PORT  port on 127.0.0.1, 4100 by default
 * LMS_DATA  JSON file that keeps courses, tools and grades between runs; without it they are forgotten
 * LMS_STORAGE  `_parent`, or the name of a frame: the page that keeps data for tools without cookies; none by default
 * LMS_ODDITIES  names of oddities.ts with commas: how it differs from the recorded platform
 * TOOL_URL  origin of a tool to register at once, such as http://localhost:3000
 */
import { createDemoLms } from './index.js';
import { isOddity } from './oddities.js';

const port = Number(process.env.LMS_PORT ?? 4100);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error('LMS_PORT: a port number from 0 to 65535 is needed');
  process.exit(2);
}
const data = process.env.LMS_DATA;
const toolUrl = process.env.TOOL_URL?.replace(/\/+$/, '');
if (toolUrl !== undefined && !URL.canParse(toolUrl)) {
  console.error('TOOL_URL: the origin of a tool is needed, such as http://localhost:3000');
  process.exit(2);
}

const storageTarget = process.env.LMS_STORAGE ?? '';
const lms = createDemoLms({
  port,
  ...(data !== undefined && data !== '' && { store: data }),
  storageTarget: storageTarget === '' ? null : storageTarget,
  managesRegistrations: true,
  oddities: (process.env.LMS_ODDITIES ?? '').split(',').filter(isOddity),
});
const origin = await lms.listen();
console.log(`The demo LMS is at ${origin}`);
if (toolUrl !== undefined) {
  const known = lms.control.tools().find((tool) => tool.targetLinkUrl.startsWith(`${toolUrl}/`));
  const tool = known ?? lms.control.registerTool({ url: toolUrl, clientId: 'nastavnik-demo' });
  console.log(`Tool ${toolUrl}: client id ${tool.clientId}, deployment ${tool.deploymentId}`);
}

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    void lms.close();
  });
}
