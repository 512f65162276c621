/** Tests that should notice a mutant, by the beginning of its file's path; cheap ones first, the first failure ends it. */
const stages: readonly (readonly [prefix: string, runs: readonly (readonly string[])[]])[] = [
  ['src/crypto/', [['test/vectors', 'test/unit/crypto', 'test/property/crypto'], ['test/unit/vault']]],
  [
    'src/vault/',
    [
      ['test/unit/vault', 'test/vectors'],
      ['test/unit/engine/checkpointing.test.ts', 'test/property/vault', 'test/property/rescue'],
      ['test/integration/app', 'test/integration/cli'],
    ],
  ],
  ['src/common/', [['test/unit/vault', 'test/property/common', 'test/vectors'], ['test/contract/file-system.test.ts']]],
  [
    'src/wire/',
    [['test/unit/wire', 'test/unit/remote', 'test/integration/remote'], ['test/integration/server/server.test.ts']],
  ],
  ['src/remote/', [['test/unit/remote', 'test/integration/remote'], ['test/contract/storage-api.test.ts']]],
  [
    'src/server/',
    [
      [
        'test/unit/remote',
        'test/unit/server',
        'test/contract/metadata-store.test.ts',
        'test/contract/storage-api.test.ts',
      ],
      ['test/integration/server/server.test.ts'],
    ],
  ],
  ['src/local/', [['test/unit/local', 'test/contract/file-system.test.ts', 'test/integration/local']]],
];

export function stagesOf(file: string): readonly (readonly string[])[] {
  const found = stages.find(([prefix]) => file.startsWith(prefix));
  if (found === undefined) throw new Error(`no tests are named for ${file}`);
  return found[1];
}
