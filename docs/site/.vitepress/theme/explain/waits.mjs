// Follows the waits of a dump from node to node.

/** Returns the ids of the nodes that a node waits for. A gather that has not ended also waits for its children. */
function next(node) {
  const waited = node.waits.flatMap((wait) => wait.targets)
  const children = node.kind === 'gather' && node.state !== 'ended' ? node.children.map((child) => child.id) : []
  return [...new Set([...waited, ...children])]
}

/**
 * Returns a circle of waits, or undefined: the ids of its nodes in order, and whether each name in it belongs to one node only.
 * It walks without recursion, because a chain may have a thousand nodes.
 */
export function circleOf(nodes) {
  const done = new Set()
  for (const start of nodes) {
    const path = []
    const places = new Map()
    const walk = done.has(start.id) ? [] : [[start.id, next(start)]]
    if (walk.length > 0) enter(start.id)
    while (walk.length > 0) {
      const [id, left] = walk.at(-1)
      const target = left.shift()
      if (target === undefined) {
        done.add(id)
        places.delete(path.pop())
        walk.pop()
      } else if (places.has(target)) {
        const circle = path.slice(places.get(target))
        return { path: circle, certain: circle.every((each) => isCertain(nodes[each])) }
      } else if (!done.has(target)) {
        enter(target)
        walk.push([target, next(nodes[target])])
      }
    }
    function enter(id) {
      places.set(id, path.length)
      path.push(id)
    }
  }
  return undefined
}

const isCertain = (node) => node.waits.every((wait) => wait.targets.length < 2)

/** Returns the nodes from this one to the last one that it waits for, as far as each step has one way only. */
export function waitChain(nodes, first) {
  const chain = [first]
  for (let node = first; ; ) {
    const targets = node.waits.flatMap((wait) => wait.targets)
    if (targets.length !== 1 || chain.includes(nodes[targets[0]])) return chain
    node = nodes[targets[0]]
    chain.push(node)
  }
}
