"""The same script under Lehr: the server grants the rates, draws the loss, and takes edits live.

    LEHR_SERVER=http://127.0.0.1:8080 python Examples/after.py
"""

import lehr
import torch
from torch import nn

torch.manual_seed(0)
features = torch.randn(2_048, 16)
targets = (features[:, :1] * features[:, 1:2]).tanh()
model = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
steps = 500
run = lehr.run(name="after", schedule={"type": "cosine", "learning_rate": 0.1}, steps=steps)
scheduler = run.attach(optimizer)

for step in range(steps):
    batch = torch.randint(len(features), (128,))
    loss = nn.functional.mse_loss(model(features[batch]), targets[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    run.report(step=step, loss=loss)

run.finish()
print(f"loss {loss.item():.4f}")
