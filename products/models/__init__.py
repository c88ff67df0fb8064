from products.models.health import Health
from products.models.line import ProductLine
from products.models.problem import Problem
from products.models.product import Product, ProductRole, ProductTeam, Stage
from products.models.strategy import Initiative, KeyResult, Objective

__all__ = [
    "Health",
    "Initiative",
    "KeyResult",
    "Objective",
    "Problem",
    "Product",
    "ProductLine",
    "ProductRole",
    "ProductTeam",
    "Stage",
]
