from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        from accounts.places import places
        from accounts.ports import ports
        from products import attention, navigation, news, reach
        from products.models import Product
        from ui import shell

        places.register("key", "product", reach.by_key, ask=reach.ask)
        places.visible = reach.by_ids
        places.through = reach.through
        places.seen_ids = reach.seen_ids
        places.seen_by_each = reach.seen_by_each
        places.remember = reach.remember
        places.pretend_to_see = reach.pretend_to_see
        ports.on_removed.append(Product.forget_role_of)
        shell.add(*navigation.ENTRIES)
        shell.list_products(navigation.links)
        attention.register(attention.troubled_health)
        news.tell()
