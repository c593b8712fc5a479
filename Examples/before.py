"""A script as it was: PyTorch's own scheduler. `diff Examples/before.py Examples/after.py` shows what
Lehr changes."""

import torch
from torch import nn

torch.manual_seed(0)
features = torch.randn(2_048, 16)
targets = (features[:, :1] * features[:, 1:2]).tanh()
model = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
steps = 500
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)

for step in range(steps):
    batch = torch.randint(len(features), (128,))
    loss = nn.functional.mse_loss(model(features[batch]), targets[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()

print(f"loss {loss.item():.4f}")
