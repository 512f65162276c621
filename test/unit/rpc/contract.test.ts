import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../../src/rpc/contract.ts';
import { failure } from '../../../src/rpc/failure.ts';
import { rpcEvent } from '../../../src/rpc/home-report.ts';
import { rpcVersion } from '../../../src/rpc/version.ts';

const fingerprints: Readonly<Record<number, string>> = {
  1: '9a41a9f52c61ef59e0b4894cdb36cfb82bf69d06abfab3952b04f7decef439e0',
  2: 'f9a07dc0d0738e2e46122dd48358688eecd5bd5d32b6312450bcbf8a1ffd8cd4',
  3: '392a7b5336557b3078dee0fd73e3c3020333e50560f0fdd5866a56e72bca67bc',
  4: '0fb4db3ef6546ce49b4e795d5eddeecc5f917131b00fecb977a8bc13ae217e55',
  5: 'd63d782a77bbaa1ab39ca48535786e1e76f8bd4f0470aedf53ffbe12b6a12f84',
  6: 'b3bf345ddd77b520b6fbd19bd57f9ad1d5b0b02b46ef2d69133d4efc808bb686',
  7: 'bf9313b4cb5b88cc0ea76ea50361463799fe3ea52ed49e9cfa70ae1e9966c5cd',
  8: '76af3b10d1713ee0a0c036b91728991df7eb76e63bb547065f3a3346ad73b533',
  9: '42f2dd74237616a32c784159f9e67d551d97aef0dbdd32cd84ede27804112738',
  10: '53588b32f9cc1841812f2b1e4e282ecebbbdeddbc8f7743531638b812195a129',
  11: '128b6c15db94ecaec748367a12090bc28694c631041c86722f69882cff25937b',
  12: '426ae43b6d0d9f622aefa36efcbbf1a525942c83b468a5a6fb015c2ec91d08b7',
  13: '0acde8d9bec5f78430b61eb6975132a165b3ab9adebea0d5ea7e700a71fb2710',
  14: '4fbc1c3bef5d9d0782c29b0c2df08cd2acb5d146d2fde9ead5de4a2b80f9a78e',
  15: 'f7d8ad1ae825a8cc19cd3f962b3991e949b1874529f4d522e998aab09bec2c0c',
  16: '14dd15c3c407cb7bbcb9517dfd3f7134975ee00f75b511163af4dbcd6aac97b6',
  17: '74d364e3c62e165d5cf8eeccaf910cbc045d495a4ea1e84fe2fcedfcd984690c',
  18: '27d5cedb9e8462f9ff096d8ac605dabb3ea111efb2c1499d39013fb871bdcc2f',
  19: '283766c96e3dc6bed503fab42e1b748d37bfbda9a748dcbe141601b87964a113',
  20: '449e796debd5eb60dcb1d7a0595d14aaaec944ca20f6342e6ee0fa065c55f3a7',
  21: 'bdb59a9a0a85642e9c7ea4e417d41868c7eb94d9e1a7505829680fdf39fbbf86',
  22: '912ee7c544c9bbba367a1423c5b2882d886a1dd0685d93223d20c256d96220bc',
  23: '6cce311d03379445978f8b1ea6f23dea9209686a788fe74baa34e6007aa5f561',
  24: '19628f901cdf4a8af569f35bd02de6aeea52b5dc4dbbd3e24ba2d6b8629c4e70',
  25: '73954c56b8c9889384360a372a06cb540b2de493e1398981d67046a4a514ef0b',
};

function contractFingerprint(): string {
  const schemas: Record<string, unknown> = {
    failure: z.toJSONSchema(failure),
    event: z.toJSONSchema(rpcEvent),
  };
  for (const [name, { input, output }] of Object.entries(commands)) {
    schemas[name] = { input: z.toJSONSchema(input, { io: 'input' }), output: z.toJSONSchema(output) };
  }
  return createHash('sha256').update(JSON.stringify(schemas)).digest('hex');
}

describe('the UI contract', () => {
  it('does not change without a new version', () => {
    expect(contractFingerprint(), 'raise rpcVersion and add its fingerprint').toBe(fingerprints[rpcVersion]);
  });

  it('takes only inputs that are exactly as written', () => {
    for (const [name, { input }] of Object.entries(commands)) {
      expect(input.safeParse({ surprise: 1 }).success, name).toBe(false);
    }
  });
});
