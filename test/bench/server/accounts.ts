import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { createVault, type TestAccount, type TestVault } from '../../helpers/test-account.ts';
import { connectTo, signUp } from '../../helpers/test-server.ts';

/** An account that is signed in and has a vault. */
export interface Customer {
  readonly account: TestAccount;
  readonly api: StorageApi;
  readonly vault: TestVault;
}

async function newCustomer(url: string): Promise<Customer> {
  const { account, api } = await signUp((options) => connectTo(url, options));
  return { account, api, vault: await createVault(api, account) };
}

/** `count` of them, some at a time. */
export async function newCustomers(url: string, count: number): Promise<readonly Customer[]> {
  const customers: Customer[] = [];
  const atOnce = 8;
  while (customers.length < count) {
    const some = Math.min(atOnce, count - customers.length);
    customers.push(...(await Promise.all(Array.from({ length: some }, () => newCustomer(url)))));
  }
  return customers;
}
