const secretVariables = ['HOLDFAST_PASSWORD', 'HOLDFAST_NEW_PASSWORD', 'HOLDFAST_RECOVERY', 'HOLDFAST_KEY_PASSPHRASE'];

/** The environment as it was, for this process alone: what its children would inherit of it loses the secrets. */
export function takeSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = { ...environment };
  for (const name of secretVariables) delete environment[name];
  return own;
}
