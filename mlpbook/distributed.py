"""One training on several processes: each has the network and a share of a batch.

    torchrun --standalone --nproc-per-node=2 -m mlpbook.distributed result.pt

torchrun starts it that many times and tells each process its rank: 0, 1, ...
Rank 0 saves the losses, the averaged gradient of the first step, and the weights.
"""

import os
import sys

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from mlpbook import datasets


def train(epochs=3, batch_size=64, seed=0):
    """Learn to read digits, all processes together -> what to save.

    `batch_size` counts the samples of all of them: each takes an equal share.
    """
    digits, _ = datasets.split(datasets.digits(), standardise=False)
    x, y = torch.tensor(digits.x, dtype=torch.float32), torch.tensor(digits.y)
    data = TensorDataset(x, y)
    sampler = DistributedSampler(data, seed=seed)  # deals them out like cards
    share = batch_size // dist.get_world_size()
    loader = DataLoader(data, share, sampler=sampler)
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    model = DistributedDataParallel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    losses, first = [], None
    for epoch in range(epochs):
        sampler.set_epoch(epoch)  # shuffles anew
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()  # and the gradients are averaged
            first = first or [p.grad.clone() for p in model.parameters()]
            optimizer.step()
            total = loss.detach()
            dist.all_reduce(total)  # now their sum, for the record
            losses.append(total.item() / dist.get_world_size())
    return {"losses": losses, "gradient": first,
            "weights": model.module.state_dict()}


if __name__ == "__main__":
    if "RANK" not in os.environ or len(sys.argv) != 2:
        sys.exit("Start it so: torchrun --standalone --nproc-per-node=2 "
                 "-m mlpbook.distributed result.pt")
    dist.init_process_group("gloo")  # between GPUs: "nccl"
    result = train()
    if dist.get_rank() == 0:
        torch.save(result, sys.argv[1])
        losses = result["losses"]
        print(f"{dist.get_world_size()} processes, {len(losses)} steps: "
              f"loss {losses[0]:.2f} -> {losses[-1]:.2f}")
    dist.barrier()  # nobody leaves while rank 0 still saves
    dist.destroy_process_group()
