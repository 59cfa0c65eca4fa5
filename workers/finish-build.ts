import { bundlePath, writeBundle } from './bundle.ts';
import { bundleCommandLine } from './bundle-command-line.ts';

// The last step of `npm run build`: what `tsc` cannot make.
await writeBundle(bundlePath());
await bundleCommandLine();
