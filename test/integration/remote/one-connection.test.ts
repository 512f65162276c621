import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

const vault = newId<VaultId>(random);
const id = newId<ObjectId>(random);

it('asks one after the other on one connection for questions and one for objects: each new one costs packets', async () => {
  let connections = 0;
  const server = createServer((request, response) => {
    const isObject = request.url?.includes('/objects/') ?? false;
    response.writeHead(200, { 'content-type': isObject ? 'application/octet-stream' : 'application/json' });
    response.end(isObject ? 'an object' : '{"vaults":[]}');
  });
  server.on('connection', () => connections++);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { token: () => 'token' });

  for (let i = 0; i < 20; i++) await api.listVaults();
  expect(connections).toBe(1);
  for (let i = 0; i < 20; i++) await api.getObject(vault, id);
  expect(connections).toBe(2);
});
