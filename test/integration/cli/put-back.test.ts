import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type CliDevice, cliDevice } from '../../helpers/cli.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

const checkOf = ({ json }: Answer, name: string): { result: string; message: string; hint: string | null } =>
  json.checks.find((check: { name: string }) => check.name.startsWith(name));

describe('what was put back from a backup', () => {
  let device: CliDevice;
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    server = await startTestServer();
    device = await cliDevice();
    folder = join(await tempFolder('folders'), 'folder');
    mkdirSync(folder);
    await device.run(['signup', '--server', server.url, '--email', 'user@example.org']);
    await device.run(['add', folder]);
    for (const name of ['stays', 'goes', 'changes']) writeFileSync(join(folder, name), 'before');
    expect((await device.run(['sync'])).code).toBe(0);
  });
  afterAll(() => server.close());

  it('is told of as such, be it the folder, and is merged when it is added again', async () => {
    cpSync(folder, `${folder}.backup`, { recursive: true, preserveTimestamps: true });
    rmSync(join(folder, 'goes'));
    writeFileSync(join(folder, 'changes'), 'after the backup');
    writeFileSync(join(folder, 'comes'), 'after the backup');
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true, deletesUp: 1 });
    renameSync(folder, `${folder}.current`);
    renameSync(`${folder}.backup`, folder);

    const { code, json } = await device.run(['sync']);
    expect(code).toBe(2);
    expect(json.pairs).toMatchObject([{ state: 'root-missing', message: expect.stringMatching(/put back.*add/) }]);
    expect((await device.run(['why', 'comes'])).json.rule).toContain('put back from a backup');
    const examined = await device.run(['doctor']);
    expect(examined.code).toBe(2);
    expect(checkOf(examined, 'folder')).toMatchObject({ result: 'failed', hint: expect.stringMatching(/backup.*add/) });

    await device.run(['remove', folder]);
    await device.run(['add', folder]);
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true, deletesUp: 0, deletesDown: 0 });
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true, operations: 0 });
    const kept = readdirSync(folder).filter((name) => name !== '.holdfast');
    expect(kept).toEqual(expect.arrayContaining(['stays', 'goes', 'changes', 'comes']));
    const texts = kept
      .filter((name) => name.startsWith('changes'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(texts.sort()).toEqual(['after the backup', 'before']);
    expect((await device.run(['doctor'])).code).toBe(0);
    expect((await device.text(['verify'])).stdout).toMatch(/^The server says that everything is there: /);
    expect((await device.text(['verify', '--deep'])).stdout).toMatch(/^Everything is there and authentic: /);
  });

  it('waits while another program works in the folder with a copy of the home, and goes on when that one has ended', async () => {
    const copy = await cliDevice('copy');
    cpSync(device.home, copy.home, { recursive: true });
    const first = await device.start(['daemon']);
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true });
    const second = await copy.start(['daemon']);
    expect((await copy.run(['sync'])).json).toMatchObject({ converged: true });

    const waits = await device.run(['sync']);
    expect(waits.code).toBe(2);
    expect(waits.json.pairs).toMatchObject([{ message: expect.stringMatching(/copy of this one’s.*End one/) }]);
    writeFileSync(join(folder, 'changes'), 'by one of them');
    expect((await copy.run(['sync'])).json).toMatchObject({ converged: true });

    await copy.run(['stop']);
    await second.child.finished;
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true });
    await device.run(['stop']);
    await first.child.finished;
    expect(readdirSync(join(folder, '.holdfast'))).not.toContain('holder');
  });

  it('stops the devices that have seen more, be it the server, of which the doctor speaks', async () => {
    const { dataDir, url } = server;
    await server.close();
    cpSync(dataDir, `${dataDir}.backup`, { recursive: true });
    const listen = { host: '127.0.0.1', port: Number(new URL(url).port) };
    server = await startTestServer({ dataDir, listen });
    writeFileSync(join(folder, 'ahead'), 'of the backup');
    expect((await device.run(['sync'])).code).toBe(0);
    await server.close();
    rmSync(dataDir, { recursive: true });
    renameSync(`${dataDir}.backup`, dataDir);
    server = await startTestServer({ dataDir, listen });

    expect((await device.run(['sync'])).code).toBe(5);
    const examined = await device.run(['doctor']);
    expect(examined.code).toBe(2);
    expect(checkOf(examined, 'history')).toMatchObject({
      result: 'failed',
      message: expect.stringContaining('Stopped for security'),
    });
  });

  it('is said to be damaged where a part of the server is missing', async () => {
    const { dataDir } = server;
    await server.close();
    truncateSync(join(dataDir, 'meta.db'), 8192);
    const again = await device.text(['serve', '--data', dataDir]);
    expect(again).toMatchObject({ code: 4, stderr: expect.stringMatching(/damaged; put it back from a copy/) });
  });
});
