import fc from 'fast-check';

// A run of the tests says the same every time. To look further: FAST_CHECK_SEED=$RANDOM npm test
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20_261_128) });
