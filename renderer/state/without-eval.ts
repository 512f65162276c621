import { config } from 'zod';

// Schemas look for this when they are made, so it comes before the first of them: otherwise zod tries whether it may
// compile its checks, which the page's policy refuses and reports.
config({ jitless: true });
