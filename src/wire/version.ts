/** The version in every path. A server serves the versions it knows; a client speaks one. */
export const apiVersion = 1;

export const apiPrefix = `/v${apiVersion}`;

/**
 * Counts changes of the schemas within a version: fields that an older reader may ignore, new routes. What an older
 * reader would misread takes a new {@link apiVersion}. A test pins the schemas to this number.
 *
 * 1: first. 2: accounts can be deleted. 3: so can a single vault.
 */
export const wireRevision = 3;
