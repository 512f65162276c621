import type { z } from 'zod';
import type * as schema from './schema.ts';

/** What the schemas are in memory: ids branded, bytes as Uint8Array. */
export type Head = z.output<typeof schema.head>;
export type SignedRecord = z.output<typeof schema.signedRecord>;
export type SignedEvent = z.output<typeof schema.signedEvent>;
export type Entry = z.output<typeof schema.entry>;
export type StoredEntry = z.output<typeof schema.storedEntry>;
export type Checkpoint = z.output<typeof schema.checkpoint>;
export type Kdf = z.output<typeof schema.kdf>;
export type LoginMethod = z.output<typeof schema.loginMethod>;
export type LoginRequest = z.output<typeof schema.loginRequest>;
export type VaultSummary = z.output<typeof schema.vaultSummary>;
