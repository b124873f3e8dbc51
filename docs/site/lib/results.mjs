// Prints the results of a run of JMH without raw data and without paths of the machine. If the run has counted bytes
// (`-prof gc`), it leaves the times out, because a chart then shows the bytes:
// node lib/results.mjs result.json > ../performance/name.json
import { readFileSync } from 'node:fs'

const kept = ({ score, scoreUnit, scorePercentiles }) => ({
  score,
  scoreUnit,
  scorePercentiles: Object.fromEntries(['0.0', '50.0', '100.0'].map((each) => [each, scorePercentiles[each]])),
})

const BYTES = 'gc.alloc.rate.norm'
const results = JSON.parse(readFileSync(process.argv[2], 'utf8')).map((result) => ({
  benchmark: result.benchmark,
  mode: result.mode,
  params: result.params,
  jdkVersion: result.jdkVersion,
  forks: result.forks,
  measurementIterations: result.measurementIterations,
  measurementTime: result.measurementTime,
  ...(result.secondaryMetrics[BYTES]
    ? { secondaryMetrics: { [BYTES]: kept(result.secondaryMetrics[BYTES]) } }
    : { primaryMetric: kept(result.primaryMetric) }),
}))
console.log(JSON.stringify(results, null, 1))
