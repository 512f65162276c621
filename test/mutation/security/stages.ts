type Stages = readonly (readonly string[])[];

/** Tests that should notice a mutant, by the beginning of its file's path; cheap ones first, the first failure ends it. */
const stages: Readonly<Record<string, Stages>> = {
  'main/': [['test/unit/main']],
  'src/crypto/': [
    ['test/vectors/formats.test.ts', 'test/vectors/wycheproof.test.ts'],
    ['test/unit/crypto', 'test/property/crypto'],
    ['test/unit/vault'],
  ],
  'src/vault/': [
    ['test/unit/vault'],
    ['test/vectors/formats.test.ts'],
    ['test/unit/engine/checkpointing.test.ts', 'test/property/vault', 'test/property/rescue'],
  ],
  'src/common/': [
    ['test/unit/common', 'test/vectors/formats.test.ts', 'test/property/common'],
    ['test/contract/file-system.test.ts', 'test/integration/local'],
  ],
  'src/wire/': [['test/unit/wire', 'test/integration/remote'], ['test/integration/server/server.test.ts']],
  'src/remote/': [['test/unit/remote', 'test/integration/remote'], ['test/contract/storage-api.test.ts']],
  'src/server/disk/': [
    [
      'test/unit/server/on-the-medium.test.ts',
      'test/unit/server/disk-objects.test.ts',
      'test/unit/server/group-sync.test.ts',
    ],
    ['test/contract/object-store.test.ts'],
  ],
  'src/server/': [
    ['test/unit/server/bounds.test.ts', 'test/unit/server/budgets.test.ts'],
    [
      'test/integration/server/authorisation.test.ts',
      'test/integration/server/delete-account.test.ts',
      'test/integration/server/delete-vault.test.ts',
      'test/integration/server/floods.test.ts',
      'test/integration/server/guessing.test.ts',
    ],
    ['test/unit/remote', 'test/unit/server', 'test/integration/server/server.test.ts'],
    ['test/contract/metadata-store.test.ts', 'test/contract/storage-api.test.ts'],
  ],
  'src/rpc/': [['test/unit/rpc', 'test/hostile/door.test.ts']],
  'src/app/update/': [['test/unit/app/update', 'test/unit/main/updater.test.ts']],
  'src/app/door-': [['test/integration/app/loopback-door.test.ts', 'test/hostile/door.test.ts']],
  'src/app/door/loopback-door.ts': [['test/integration/app/loopback-door.test.ts', 'test/hostile/door.test.ts']],
  'src/app/account/take-secrets.ts': [['test/unit/app/take-secrets.test.ts']],
  'src/app/': [
    ['test/integration/app'],
    ['test/hostile/account-keys.test.ts', 'test/hostile/account-chain.test.ts'],
    ['test/hostile/secrets.test.ts'],
  ],
  'src/engine/': [
    ['test/unit/engine'],
    ['test/hostile/checkpoint.test.ts', 'test/hostile/member-names.test.ts', 'test/hostile/member-log.test.ts'],
    ['test/hostile/entries.test.ts', 'test/hostile/history.test.ts', 'test/hostile/answers.test.ts'],
    ['test/integration/app/untold-revocation.test.ts', 'test/integration/engine/moved-root.test.ts'],
  ],
  'src/model/': [['test/contract/file-system.test.ts', 'test/integration/local']],
  'src/local/': [['test/unit/local', 'test/contract/file-system.test.ts', 'test/integration/local']],
};

export function stagesOf(file: string): Stages {
  const prefix = Object.keys(stages).find((each) => file.startsWith(each));
  if (prefix === undefined) throw new Error(`no tests are named for ${file}`);
  return stages[prefix] ?? [];
}
