import type { Connection } from './connection.ts';
import { type IsDiverged, needsPlan } from './node-state.ts';
import type { NodeStore } from './node-store.ts';
import { emptyTally, tallyColumns, tallyNode } from './tally.ts';

/** Each query finds breaches of one invariant; its first column names where. */
const invariants: readonly { readonly problem: string; readonly sql: string }[] = [
  ...['local', 'remote', 'synced'].map((tree) => ({
    problem: `the ${tree} parent of a node has no row`,
    sql: `SELECT hex(id) FROM node WHERE ${tree}_parent IS NOT NULL
          AND ${tree}_parent NOT IN (SELECT ref FROM node)`,
  })),
  {
    problem: 'a node is not below the root on disk, or below a file',
    sql: `WITH RECURSIVE below (ref) AS (
            SELECT 0 UNION SELECT n.ref FROM below b CROSS JOIN node n ON n.local_parent = b.ref
              JOIN node p ON p.ref = b.ref WHERE p.ref = 0 OR p.local_kind = 0)
          SELECT hex(id) FROM node WHERE local_parent IS NOT NULL AND ref NOT IN (SELECT ref FROM below)`,
  },
  {
    problem: 'a live node is not below the root of the vault by live folders',
    sql: `WITH RECURSIVE below (ref) AS (
            SELECT 0 UNION SELECT n.ref FROM below b CROSS JOIN node n
              ON n.remote_parent = b.ref AND n.remote_deleted = 0
              JOIN node p ON p.ref = b.ref WHERE p.ref = 0 OR p.remote_kind = 0)
          SELECT hex(id) FROM node
          WHERE remote_parent IS NOT NULL AND remote_deleted = 0 AND ref NOT IN (SELECT ref FROM below)`,
  },
  {
    problem: 'two siblings have one name on disk',
    sql: `SELECT hex(min(id)) FROM node WHERE local_parent IS NOT NULL
          GROUP BY local_parent, local_key HAVING count(*) > 1`,
  },
  {
    problem: 'two siblings have one name in the vault',
    sql: `SELECT hex(min(id)) FROM node WHERE remote_deleted = 0
          GROUP BY remote_parent, remote_key HAVING count(*) > 1`,
  },
  {
    problem: 'two rows have one id',
    sql: 'SELECT hex(id) FROM node GROUP BY id48, id HAVING count(*) > 1',
  },
  {
    problem: 'a revision belongs to no node',
    sql: 'SELECT hex(id) FROM revision WHERE node NOT IN (SELECT ref FROM node)',
  },
  {
    problem: 'two rows have one revision',
    sql: 'SELECT hex(id) FROM revision GROUP BY id48, id HAVING count(*) > 1',
  },
  {
    problem: 'a list of chunks belongs to no revision',
    sql: 'SELECT revision FROM content WHERE revision NOT IN (SELECT ref FROM revision)',
  },
  {
    problem: 'two rows have one chunk',
    sql: 'SELECT hex(hash) FROM chunk GROUP BY hash48, hash HAVING count(*) > 1',
  },
];

const maxExamples = 5;

export function createIntegrityCheck(
  connection: Connection,
  store: NodeStore,
  isDiverged: IsDiverged,
): () => readonly string[] {
  return () => {
    const { prepare } = connection;
    const found = prepare('PRAGMA integrity_check')
      .all()
      .map(([text]) => String(text))
      .filter((text) => text !== 'ok');
    for (const { problem, sql } of invariants) {
      const examples = prepare(`${sql} LIMIT ${maxExamples}`).all();
      if (examples.length > 0) found.push(`${problem}: ${examples.map(([where]) => String(where)).join(', ')}`);
    }

    const tally = emptyTally();
    for (const { id, state } of store.states()) {
      const should = needsPlan(state, isDiverged);
      if (should !== state.isDiverged) found.push(`the flag of a node is wrong: ${id}`);
      tallyNode(tally, { ...state, isDiverged: should }, 1);
    }
    const kept = store.tally();
    for (const column of tallyColumns) {
      if (kept[column] !== tally[column]) found.push(`the sum ${column} is ${kept[column]}, not ${tally[column]}`);
    }
    return found;
  };
}
