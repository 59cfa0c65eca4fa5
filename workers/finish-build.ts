import { bundlePath, writeBundle } from './bundle.ts';
import { bundlePrograms } from './bundle-programs.ts';

// The last step of `npm run build`: what `tsc` cannot make.
await writeBundle(bundlePath());
await bundlePrograms();
