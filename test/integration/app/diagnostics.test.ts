import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningDaemon, startDaemon } from '../../../src/app/daemon.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

/** Each is of this person alone, so that one of them in the report is no accident. */
const planted = {
  email: 'xanthippe.quux@example.org',
  password: 'seven heron lamps 7Kq2',
  deviceName: 'Xanthippes Rechner',
  vault: 'Zwetschgenkuchen',
  folder: 'Steuerunterlagen',
  file: 'diagnose-vom-arzt.txt',
  content: 'a rash on the left elbow',
};

let server: TestServer;
let daemon: RunningDaemon;
let folder: string;
let recovery: string;

beforeAll(async () => {
  server = await startTestServer();
  const root = await tempFolder('diagnostics');
  folder = join(root, planted.folder);
  await mkdir(folder);
  await writeFile(join(folder, planted.file), planted.content);
  daemon = await startDaemon(join(root, 'home'), {});
  const { service } = daemon;
  const { email, password, deviceName } = planted;
  ({ recovery } = await service.signup({ server: server.url, email, password, deviceName }));
  await service.add({ folder, vault: planted.vault, isPaused: false });
  await eventually(async () => {
    const [pair] = (await service.status({})).pairs;
    return pair?.files === 1 && pair.lastSyncedAt !== null;
  });
});
afterAll(async () => {
  await daemon?.close();
  await server?.close();
});

it('tells whoever helps what there is and how it is, and nothing that says whose it is', async () => {
  const { service, logger } = daemon;
  const path = join(folder, planted.file);
  logger.log('warn', 'a file failed', { path, count: 3, error: new Error(`cannot read ${path}`), words: recovery });
  await rm(join(folder, planted.file));
  await rm(folder, { recursive: true });
  await eventually(async () => (await service.status({})).pairs[0]?.state === 'root-missing');

  const { fileName, text } = await service.diagnostics({});
  expect(fileName).toMatch(/^holdfast-diagnostics-\d{4}-\d{2}-\d{2}\.json$/);
  const report = JSON.parse(text);
  expect(report).toMatchObject({
    state: 'root-missing',
    isSignedIn: true,
    pairs: [{ state: 'root-missing', issues: 1, lastSyncedAt: expect.any(Number) }],
  });
  expect(report.checks.length).toBeGreaterThan(3);
  expect(report.log).toContainEqual(expect.objectContaining({ message: 'a file failed', count: 3 }));

  const { account, pairs } = await service.status({});
  const ids = [account?.account, account?.device, ...pairs.flatMap(({ pair, vault }) => [pair, vault])];
  const secrets = [...Object.values(planted), recovery, folder, server.url, new URL(server.url).port, ...ids];
  const said = text.toLowerCase();
  expect(secrets.filter((each) => each === undefined || said.includes(each.toLowerCase()))).toEqual([]);
  // Not by halves either: three words in a row are enough to try the others.
  const words = recovery.split(' ');
  expect(words.slice(2).filter((_, at) => said.includes(words.slice(at, at + 3).join(' ')))).toEqual([]);
});
