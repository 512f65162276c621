import { needNode } from '../../src/cli/need-node.mjs';

/** Runs before `npm test` and as vitest's global setup. */
export default needNode;

needNode();
