from django.apps import AppConfig
from django.http import Http404


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        from accounts.access import places
        from accounts.ports import ports
        from products.models import Product

        def by_key(member, key):
            product = Product.objects.visible_to(member).with_role_of(member).filter(key=key.upper()).first()
            if product is None:
                raise Http404
            return product

        def by_ids(member, ids):
            products = Product.objects.visible_to(member).with_role_of(member)
            return products.in_bulk(ids)

        places.register("key", "product", by_key)
        places.visible = by_ids
        ports.on_removed.append(Product.forget_role_of)
