import { boundHeap } from './heap.js';

// Before anything else is loaded: a start alone would take the space that is bounded here.
boundHeap();
await import('./program.js');
