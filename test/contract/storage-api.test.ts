import { startTestServer } from '../helpers/test-server.ts';
import { storageApiContract } from './storage-api-contract.ts';

storageApiContract('the real server over HTTP', startTestServer);
