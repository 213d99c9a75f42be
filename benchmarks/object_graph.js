// A network written the way one draws it: an object for every neuron and for every link, one sample at a time. It computes what
// the page's engine computes (full batches, tanh, mean squared error, SGD); run.py measures how much the form costs.

class Link {
  constructor(source, target, weight) {
    Object.assign(this, { source, target, weight, gradient: 0 });
  }
}

class Neuron {
  constructor(bends) {
    Object.assign(this, { bends, bias: 0, biasGradient: 0, output: 0, error: 0, inputs: [], outputs: [] });
  }

  forward() {
    let z = this.bias;
    for (const link of this.inputs) z += link.weight * link.source.output;
    this.output = this.bends ? Math.tanh(z) : z;
  }

  /** error: dL/dz, from the neurons that this one feeds. */
  backward() {
    let error = 0;
    for (const link of this.outputs) error += link.weight * link.target.error;
    this.learn(this.bends ? error * (1 - this.output * this.output) : error);
  }

  learn(error) {
    this.error = error;
    this.biasGradient += error;
    for (const link of this.inputs) link.gradient += error * link.source.output;
  }

  move(lr) {
    this.bias -= lr * this.biasGradient;
    this.biasGradient = 0;
    for (const link of this.inputs) {
      link.weight -= lr * link.gradient;
      link.gradient = 0;
    }
  }
}

export class ObjectGraph {
  /** sizes and W as the page's MLP takes them, with W flat and biases 0. */
  constructor({ sizes, W }) {
    this.layers = sizes.map((size, l) => Array.from({ length: size }, () => new Neuron(l > 0 && l < sizes.length - 1)));
    this.layers.slice(1).forEach((layer, l) => layer.forEach((target, j) => this.layers[l].forEach((source, i) => {
      const link = new Link(source, target, W[l][i * layer.length + j]);
      source.outputs.push(link);
      target.inputs.push(link);
    })));
  }

  /** One full-batch step on rows x and y -> the loss before it. */
  step(x, y, lr) {
    const [inputs, ...later] = this.layers, outputs = later.at(-1), hidden = later.slice(0, -1).reverse();
    const count = y.length * outputs.length;
    let squares = 0;
    for (let s = 0; s < x.length; s++) {
      for (let i = 0; i < inputs.length; i++) inputs[i].output = x[s][i];
      for (const layer of later) for (const neuron of layer) neuron.forward();
      for (let j = 0; j < outputs.length; j++) {
        const difference = outputs[j].output - y[s][j];
        squares += difference * difference;
        outputs[j].learn((2 / count) * difference);
      }
      for (const layer of hidden) for (const neuron of layer) neuron.backward();
    }
    for (const layer of later) for (const neuron of layer) neuron.move(lr);
    return squares / count;
  }
}
