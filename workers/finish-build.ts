import { bundlePath, writeBundle } from './bundle.ts';

// The last step of `npm run build`: what `tsc` cannot make.
await writeBundle(bundlePath());
